/** Runs a spec in a container with one guard removed: the positive control of a deny-test. */
import { execFile } from 'node:child_process';

import { callEngine } from '../../../src/box/container/engine.ts';
import { prepareContainer } from '../../../src/box/container/start.ts';
import type { BoxSpec } from '../../../src/box/spec.ts';
import type { ContainerTier } from '../../../src/box/container/tier.ts';

/** Replaces a sequence of words in the arguments. */
export function instead(
  of: readonly string[],
  words: readonly string[],
): (args: readonly string[]) => string[] {
  return args => {
    const at = args.findIndex((_, index) => of.every((word, offset) => args[index + offset] === word));
    if (at === -1) throw new Error(`missing guard: ${of.join(' ')}`);
    return args.toSpliced(at, of.length, ...words);
  };
}

/** Returns standard output. */
export async function runUnguardedContainer(
  spec: BoxSpec,
  tier: ContainerTier,
  edit: (args: readonly string[]) => readonly string[],
): Promise<string> {
  const { name, args, scratch } = await prepareContainer(spec, tier);
  try {
    return await new Promise((resolve, reject) => {
      const options = { env: { ...tier.engine.environment }, timeout: 20_000 };
      execFile(tier.engine.path, [...edit(args)], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${error.message}\n${stderr}`));
      });
    });
  } finally {
    await callEngine(tier.engine, ['rm', '--force', name]);
    await scratch.remove();
  }
}
