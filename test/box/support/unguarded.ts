/** Runs a spec in a box with one guard removed: the positive control of a deny-test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { ARGS_FD, bubblewrapArgs, ownFilesOf, STATUS_FD } from '../../../src/box/bubblewrap/arguments.ts';
import { launchOf } from '../../../src/box/bubblewrap/launch.ts';
import { noProcessLimit } from '../../../src/box/process-limit.ts';
import { findings } from '../../../src/box/bubblewrap/start.ts';
import { seccompFilter } from '../../../src/box/seccomp/filter.ts';
import type { BoxSpec } from '../../../src/box/spec.ts';
import { tier } from './box.ts';

/** Removes the last occurrence of this sequence of words. */
export function without(...words: string[]): (args: string[]) => string[] {
  return args => {
    const at = args.findLastIndex((_, index) => words.every((word, offset) => args[index + offset] === word));
    if (at === -1) throw new Error(`missing guard: ${words.join(' ')}`);
    return args.toSpliced(at, words.length);
  };
}

export interface Unguarded {
  /** Changes bubblewrap's arguments. */
  readonly edit: (args: string[]) => string[];
  /** Number of open descriptors that bubblewrap does not use. */
  readonly extraDescriptors?: number;
}

export async function runUnguarded(
  spec: BoxSpec,
  { edit, extraDescriptors = 0 }: Unguarded,
  env: Record<string, string> = {},
): Promise<string> {
  const { boxUid, bubblewrapPath } = tier;
  const host = {
    bubblewrapPath,
    ...(boxUid !== undefined ? { boxUid } : {}),
    controlGroupFiles: [],
    processLimit: noProcessLimit,
    found: await findings(spec),
  };
  const launch = launchOf(spec, host);
  const files = ownFilesOf(spec).map(({ content }) => content);
  const inputs = [
    edit(bubblewrapArgs(spec, launch.sources))
      .map(word => `${word}\0`)
      .join(''),
    seccompFilter(process.arch) ?? '',
    ...files,
    ...Array.from({ length: extraDescriptors }, () => ''),
  ];
  const child = spawn(launch.file, launch.args, {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe', ...inputs.map(() => 'pipe' as const)],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env },
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  // bubblewrap exits when its status pipe is not read.
  (child.stdio[STATUS_FD] as unknown as Readable).resume();
  for (const [index, input] of inputs.entries()) {
    const pipe = child.stdio[ARGS_FD + index] as unknown as Writable;
    // If a guard is removed, bubblewrap does not read its input.
    pipe.on('error', () => undefined).end(input);
  }
  if (child.stdout === null) throw new Error('the box has no output');
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return output;
}
