/** What is left of dead processes is looked for only where this user, or root, made the way: nothing is swept behind another user's link. */
import {
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sweepLayers } from '../../src/box/layers/store.ts';
import { sweepWorkspaces } from '../../src/box/workspace.ts';
import { sweepQuarantines } from '../../src/git/quarantine.ts';
import { ForeignFiles } from '../../src/host/foreign-files.ts';
import { describeAsRoot, STRANGER } from '../support/as-root.ts';

let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'sweeps-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Names that each sweep takes for leftovers. */
const sweeps = [
  ['workspaces', sweepWorkspaces, 'a-run/ws'],
  ['layers', sweepLayers, 'building-1/files'],
  ['quarantines', sweepQuarantines, 'quarantine/change-1/objects'],
] as const;

describeAsRoot('as root (needs root)', () => {
  test.each(sweeps)('%s: a link of another user leads to no removal', async (_what, sweep, left) => {
    const roots = join(dir, 'roots');
    mkdirSync(join(roots, 'place', left), { recursive: true });
    writeFileSync(join(roots, 'place', left, 'file'), 'kept');
    const longAgo = new Date(0);
    utimesSync(join(roots, 'place', left, '..'), longAgo, longAgo);
    mkdirSync(join(dir, 'theirs'));
    symlinkSync(roots, join(dir, 'theirs/link'));
    lchownSync(join(dir, 'theirs/link'), STRANGER, STRANGER);
    chownSync(join(dir, 'theirs'), STRANGER, STRANGER);
    const before = readdirSync(roots, { recursive: true }).sort();
    await expect(sweep(join(dir, 'theirs/link/place'))).rejects.toThrow(ForeignFiles);
    expect(readdirSync(roots, { recursive: true }).sort()).toEqual(before);
    // Positive control: the same place by its own path.
    await sweep(join(roots, 'place'));
    expect(readdirSync(roots, { recursive: true })).not.toContain(join('place', left));
  });
});
