/** Without a control group a watch limits the memory of a box, also memory that limits per process do not count. Moderate use is allowed. */
import { describe, expect, test } from '@jest/globals';

import { callProgram, type CallToMake } from '../../src/box/seccomp/call-program.ts';
import type { BoxTier } from '../../src/box/tier.ts';
import { omit } from '../../src/domain/omit.ts';
import { shell, tier as found, type ShellOptions } from './support/box.ts';

const MiB = 1024 * 1024;
const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
const numbers = {
  x64: { mmap: 9, openat: 257, read: 0, memfdCreate: 319, fallocate: 285, ppoll: 271 },
  arm64: { mmap: 222, openat: 56, read: 63, memfdCreate: 279, fallocate: 47, ppoll: 73 },
}[architecture];

/** As the tier of an ordinary user, who cannot create a control group. */
const tier: BoxTier = omit(found, 'controlGroups');

const PRIVATE = 0x32;
const SHARED = 0x31;
/** Writes zeros, because pages that are only reserved use no memory. */
const filled = (bytes: number, kind: number): readonly CallToMake[] => [
  { number: numbers.mmap, args: [0x1000_0000, bytes, 3, kind, -1, 0] },
  { number: numbers.openat, args: [-100, Buffer.from('/dev/zero\0'), 0] },
  { number: numbers.read, args: [3, 0x1000_0000, bytes] },
];
const memfd = (bytes: number): readonly CallToMake[] => [
  { number: numbers.memfdCreate, args: [Buffer.from('x\0'), 0] },
  { number: numbers.fallocate, args: [3, 0, 0, bytes] },
];
const held = (seconds: number): CallToMake => {
  const time = Buffer.alloc(16);
  time.writeUInt32LE(seconds);
  return { number: numbers.ppoll, args: [0, 0, time, 0] };
};

const WALL_CLOCK_S = 20;
/** Long enough for several rounds of the watch. */
const MODERATE_S = 1;

const hogs: Readonly<Record<string, readonly [calls: readonly CallToMake[], script: string]>> = {
  'of several small processes': [
    filled(60 * MiB, PRIVATE),
    'for i in 1 2 3 4; do /opt/eater > /dev/null & done; wait',
  ],
  'of daemons': [
    filled(60 * MiB, PRIVATE),
    'for i in 1 2 3 4; do (setsid /opt/eater > /dev/null &); done; /opt/eater > /dev/null',
  ],
  'in a shared mapping': [filled(240 * MiB, SHARED), 'exec /opt/eater > /dev/null'],
  'in an unlinked file in memory': [memfd(240 * MiB), 'exec /opt/eater > /dev/null'],
};

describe.each(Object.entries(hogs))('memory %s', (_, [calls, script]) => {
  const eat = (memoryBytesMax: number, seconds: number) =>
    inBox(script, {
      programs: { '/opt/eater': callProgram(architecture, [...calls, held(seconds)]) },
      limits: { memoryBytesMax, wallClockMs: WALL_CLOCK_S * 1000 },
    });

  test('over the limit ends the box', async () => {
    expect((await eat(150 * MiB, 2 * WALL_CLOCK_S)).ending).toBe('memory-limit');
  });

  test('under the limit does not end the box', async () => {
    expect(await eat(600 * MiB, MODERATE_S)).toMatchObject({ ending: 'exited', exitCode: 0 });
  });
});

test('files in the box’s temporary directories count', async () => {
  const fill = (memoryBytesMax: number, seconds: number) => {
    const script = `for dir in /tmp /home/agent /dev/shm; do head -c 60M /dev/zero > $dir/fill; done; sleep ${seconds}`;
    return inBox(script, { limits: { memoryBytesMax, wallClockMs: WALL_CLOCK_S * 1000 } });
  };
  expect((await fill(150 * MiB, 2 * WALL_CLOCK_S)).ending).toBe('memory-limit');
  expect(await fill(300 * MiB, MODERATE_S)).toMatchObject({ ending: 'exited', exitCode: 0 });
});

test('descriptors of a whole box are bounded, and looking through them does not end it', async () => {
  // Each process opens as many as it may, and says so.
  const open = (processes: number, seconds: number) =>
    inBox(
      `for i in $(seq ${processes}); do
         (for fd in $(seq 10 4000); do eval "exec $fd</dev/null"; done; echo open; sleep ${seconds}) &
       done; wait`,
      { limits: { wallClockMs: WALL_CLOCK_S * 1000 } },
    );
  expect((await open(20, 2 * WALL_CLOCK_S)).ending).toBe('memory-limit');
  expect(await open(4, MODERATE_S)).toMatchObject({ ending: 'exited', stdout: 'open\n'.repeat(4) });
}, 60_000);

test('shared memory is counted once', async () => {
  const share = (copies: number, memoryBytesMax: number) =>
    inBox(
      `x=$(head -c 60000000 /dev/zero | tr "\\0" x); for i in $(seq ${copies}); do (sleep ${MODERATE_S}; :) & done; wait; echo \${#x}`,
      { limits: { memoryBytesMax } },
    );
  expect(await share(12, 400 * MiB)).toMatchObject({ ending: 'exited', stdout: '60000000\n' });
});

test('the watch ends a box without a grace period', async () => {
  const programs = { '/opt/eater': callProgram(architecture, [...filled(60 * MiB, PRIVATE), held(60)]) };
  const script = 'trap "" TERM; for i in 1 2 3 4; do /opt/eater > /dev/null & done; wait';
  const limits = { memoryBytesMax: 150 * MiB, killGraceMs: 60_000, wallClockMs: 90_000 };
  const run = await inBox(script, { programs, limits });
  expect(run.ending).toBe('memory-limit');
  expect(run.durationMs).toBeLessThan(30_000);
});

async function inBox(script: string, options: ShellOptions) {
  return await shell(script, { tier, ...options });
}
