/** Splits a stream at a marker line: text before it comes from the engine, text after it from the command. */
import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';

import type { BoxExit } from '../started-box.ts';

export interface AfterLine {
  /** Everything after the line. */
  readonly rest: Readable;
  /** Resolves when the line has arrived; otherwise never. */
  readonly started: Promise<void>;
  hasStarted(): boolean;
  /** The text before the line, or its last part if it is too long. */
  before(): string;
  /** Resolves when everything has been forwarded. */
  readonly ended: Promise<unknown>;
}

const BEFORE_BYTES_MAX = 64 * 1024;

export function afterLine(source: Readable, line: string): AfterLine {
  const marker = Buffer.from(`${line}\n`);
  const rest = new PassThrough();
  let before = Buffer.alloc(0);
  let started = false;
  let report: () => void = () => undefined;
  const reported = new Promise<void>(resolve => (report = resolve));
  const look = (chunk: Buffer): void => {
    before = Buffer.concat([before, chunk]);
    const at = before.indexOf(marker);
    if (at === -1) return void (before = before.subarray(-BEFORE_BYTES_MAX));
    started = true;
    report();
    const after = before.subarray(at + marker.length);
    before = before.subarray(0, at);
    if (after.length > 0) rest.write(after);
    source.off('data', look);
    // Waits for the reader: nothing may pile up here.
    source.pipe(rest, { end: false });
  };
  source.on('data', look);
  source.on('error', () => undefined);
  source.on('close', () => rest.end());
  return {
    ...{ rest, started: reported, ended: once(rest, 'end') },
    hasStarted: () => started,
    before: () => before.toString('utf8'),
  };
}

export type ProcessExit = [code: number | null, signal: NodeJS.Signals | null];

/** The exit of the engine's command: it is the exit of the box's command if the line has arrived. */
export async function exitAfterLine(stderr: AfterLine, [code, signal]: ProcessExit): Promise<BoxExit> {
  const started = stderr.hasStarted();
  if (!started) return { started, problem: stderr.before() };
  await stderr.ended;
  return { started, ...(code !== null ? { exitCode: code } : {}), ...(signal !== null ? { signal } : {}) };
}
