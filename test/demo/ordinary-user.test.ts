/** `signalbox demo` as an ordinary user, as most newcomers run it. */
import { afterEach, beforeEach, expect } from '@jest/globals';
import { mkdir, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { obtainTemporalServer } from '../../src/local/temporal-server/obtain.ts';
import { openOrdinaryUser, type OrdinaryUser } from '../support/ordinary-user.ts';
import { testAsRoot } from '../support/as-root.ts';

const UID = 60_876;

let user: OrdinaryUser;
let temporal: string;
beforeEach(async () => {
  const found = await obtainTemporalServer({ environment: { ...process.env, TEMPORAL_ADDRESS: '' } });
  if (found.kind !== 'binary') throw new Error('expected a Temporal CLI, found an address');
  user = await openOrdinaryUser(UID, [found.path]);
  temporal = join(user.dir, found.path.slice(found.path.lastIndexOf('/') + 1));
  await mkdir(join(user.dir, 'demo'));
  await chown(join(user.dir, 'demo'), UID, UID);
}, 120_000);
afterEach(() => user.remove());

testAsRoot(
  'the demo of an ordinary user reaches a verified release (needs root)',
  async () => {
    const program = join(user.dir, 'checkout/bin/signalbox.js');
    const environment = { SIGNALBOX_TEMPORAL_CLI: temporal };
    const ran = await user.node([program, 'demo', '--yes', '--json'], { environment, cwd: 'demo' });
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const lines = ran.stdout.split('\n').map(line => JSON.parse(line) as Record<string, unknown>);
    expect(lines.at(-1)).toMatchObject({
      type: 'result',
      stage: 'release-verified',
      figures: { branches: 1, pullRequests: 1, merges: 1, statusComments: 1 },
    });
    const boxes = lines.flatMap(line => /\(box: (.*?)\)(?::|$)/.exec(String(line['cause']))?.[1] ?? []);
    expect(boxes.length).toBeGreaterThan(0);
    for (const one of boxes) expect(one).toBe('bubblewrap');
  },
  120_000,
);
