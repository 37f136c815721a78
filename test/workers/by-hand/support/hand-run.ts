/** Runs by hand at one desk, each with its own folder; after each run the checkout must be unchanged. */
import { expect } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Ran } from '../../../client/cli/support/cli.ts';
import { type Desk, everythingIn, fixing, reporting } from './desk.ts';

export type HandRan = Ran & { readonly out: string };
export type HandRun = (
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
) => Promise<HandRan>;

export const change = `${fixing}\n${reporting()}`;

export function handRunner(desk: Desk): HandRun {
  const before = everythingIn(desk.repo);
  let runs = 0;
  return async (args, environment = {}) => {
    runs += 1;
    const out = desk.folder.file(`out-${runs}`);
    const defaults = { '--issue': desk.issueFile, '--repo': desk.repo, '--out': out };
    const missing = Object.entries(defaults).filter(([option]) => !args.includes(option));
    const ran = await desk.run([...missing.flat(), ...args], { environment });
    const after = everythingIn(desk.repo);
    expect(after.filter(line => !before.includes(line))).toEqual([]);
    expect(after).toHaveLength(before.length);
    expect(existsSync(join(out, '.work'))).toBe(false);
    return { ...ran, out };
  };
}
