/** The runner's profile is the engine's default profile and one rule. */
import { expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './support/compose-file.ts';

interface Profile {
  readonly defaultAction: string;
  readonly syscalls: readonly { readonly names: readonly string[]; readonly action: string }[];
}

/** Of default.json in version 0.3.0 of the Go module github.com/moby/profiles/seccomp, written without spaces. */
const DEFAULT_SHA256 = '3e30a4b18c1cab37399d130ba2abfbaa15827f1db45c451253314c635f57907d';

const profile = JSON.parse(readFileSync(path.join(root, 'deploy/seccomp-runner.json'), 'utf8')) as Profile;

test('it allows the calls that make a box, and is otherwise the default profile', () => {
  const added = profile.syscalls.at(-1);
  expect(added).toMatchObject({
    names: ['clone', 'mount', 'pivot_root', 'sethostname', 'umount2', 'unshare'],
    action: 'SCMP_ACT_ALLOW',
  });
  const rest = JSON.stringify({ ...profile, syscalls: profile.syscalls.slice(0, -1) });
  expect(createHash('sha256').update(rest).digest('hex')).toBe(DEFAULT_SHA256);
  expect(profile.defaultAction).toBe('SCMP_ACT_ERRNO');
});
