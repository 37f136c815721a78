/** Parts a stream at a line: what comes before it is the engine's, what comes after it is the command's. */
import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';

import type { BoxExit } from '../started-box.ts';

export interface AfterLine {
  /** Everything after the line. */
  readonly rest: Readable;
  /** Resolves when the line has come; never, if it does not. */
  readonly started: Promise<void>;
  hasStarted(): boolean;
  /** All of what came before the line, or its end where it was too much. */
  before(): string;
  /** Resolves when everything has been passed on. */
  readonly ended: Promise<unknown>;
}

const BEFORE_BYTES_MAX = 64 * 1024;

export function afterLine(source: Readable, line: string): AfterLine {
  const mark = Buffer.from(`${line}\n`);
  const rest = new PassThrough();
  let before = Buffer.alloc(0);
  let started = false;
  let report: () => void = () => undefined;
  const reported = new Promise<void>(resolve => (report = resolve));
  source.on('data', (chunk: Buffer) => {
    if (started) return void rest.write(chunk);
    before = Buffer.concat([before, chunk]);
    const at = before.indexOf(mark);
    if (at === -1) return void (before = before.subarray(-BEFORE_BYTES_MAX));
    started = true;
    report();
    const after = before.subarray(at + mark.length);
    before = before.subarray(0, at);
    if (after.length > 0) rest.write(after);
  });
  source.on('error', () => undefined);
  source.on('close', () => rest.end());
  return {
    ...{ rest, started: reported, ended: once(rest, 'end') },
    hasStarted: () => started,
    before: () => before.toString('utf8'),
  };
}

export type ProcessExit = [code: number | null, signal: NodeJS.Signals | null];

/** Of what started the command: its exit is the command's once the line has come. */
export async function exitBehind(stderr: AfterLine, [code, signal]: ProcessExit): Promise<BoxExit> {
  const started = stderr.hasStarted();
  if (!started) return { started, problem: stderr.before() };
  await stderr.ended;
  return { started, ...(code !== null ? { exitCode: code } : {}), ...(signal !== null ? { signal } : {}) };
}
