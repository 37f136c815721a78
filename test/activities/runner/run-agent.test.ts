/** One agent run: it leaves a report, a change and a transcript; every ending has a name; nothing remains on the host. */
import { execFileSync } from 'node:child_process';
import { chmod, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { defaultManifestLimits, parseManifest } from '../../../src/contracts/change-manifest.ts';
import { workerCommandsSchema } from '../../../src/contracts/evidence.ts';
import type { AgentReport } from '../../../src/contracts/agent-report.ts';
import { type Digest, digestOfText } from '../../../src/domain/digest.ts';
import type { RunEnd } from '../../../src/domain/state/work.ts';
import { aReport } from '../../agents/support/task.ts';
import { factOf, perform } from '../support/perform.ts';
import { nothingLeft, stageRunner, type RunChange, type RunnerStage } from '../support/runner.ts';

let stage: RunnerStage;
beforeAll(async () => void (stage = await stageRunner()));
afterAll(() => stage.end());
afterEach(async () => expect(await stage.leftovers()).toEqual(nothingLeft));

const run = async (change: RunChange = {}) =>
  (await perform(stage.activities.runAgent, await stage.runInput(change))).ended;
const endOf = async (change: RunChange = {}): Promise<RunEnd> => {
  const ended = await run(change);
  if ('fact' in ended) return ended.fact.end;
  throw new Error(JSON.stringify(ended));
};
const bytesOf = async (digest: RunEnd['manifest']) => {
  if (digest === undefined) throw new Error('the run left no such artifact');
  return Buffer.from(await stage.ports.artifacts.get(digest, 10_000_000));
};
const textOf = async (digest: RunEnd['transcript']) => (await bytesOf(digest)).toString('utf8');
const report = (change: Partial<AgentReport> = {}) => `echo '${JSON.stringify(aReport(change))}'`;

describe('a run', () => {
  test('leaves its report, its change as bytes, its transcript and the name of its box', async () => {
    await stage.agent(`
      cat > /dev/null; echo looking >&2
      echo 'export const card = 2;' > src/card.js
      mkdir -p test; printf '#!/bin/sh\\n' > test/new.sh; chmod +x test/new.sh; rm README.md
      ${report({ declaredRisk: 'medium' })}`);
    const { ended } = await perform(stage.activities.runAgent, await stage.runInput({ runId: 'run-one' }));
    expect(ended).toMatchObject({
      fact: {
        type: 'run-ended',
        runId: 'run-one',
        end: { ending: 'patch', summary: 'Fixed.', raisedRisk: 'medium' },
      },
    });
    const { end } = (ended as { fact: { end: RunEnd } }).fact;
    expect(end.box).toMatchObject({ guards: expect.arrayContaining(['no-network']) });
    expect(end.commands).toBeUndefined();
    expect(JSON.parse(await textOf(end.report))).toEqual(aReport({ declaredRisk: 'medium' }));
    expect(await textOf(end.transcript)).toMatch(/^! looking\n\{.*\}$/);
    const manifest = await bytesOf(end.manifest);
    expect(parseManifest(manifest, defaultManifestLimits)).toEqual({
      entries: [
        { path: 'README.md', mode: 'deleted' },
        { path: 'src/card.js', mode: '100644', bytes: Buffer.from('export const card = 2;\n') },
        { path: 'test/new.sh', mode: '100755', bytes: Buffer.from('#!/bin/sh\n') },
      ],
      refused: [],
    });
  });

  test('gets exactly the approved text, the lessons, the review and the base', async () => {
    const feedback = await stage.ports.artifacts.put(Buffer.from('please rename it'), 'text/plain');
    await stage.agent(`cat >&2; git log --format=%H -1 >&2; ${report({ outcome: 'no-change' })}`);
    const input = await stage.runInput({ feedback, lessons: ['the first try broke the card'] });
    const { ended } = await perform(stage.activities.runAgent, input);
    const transcript = await textOf((ended as { fact: { end: RunEnd } }).fact.end.transcript);
    const [task = '', head] = transcript.split('\n').map(line => line.replace(/^! /, ''));
    expect(JSON.parse(task)).toMatchObject({
      runId: input.effect.runId,
      issue: { title: 'The card is stale', body: 'text', snapshotDigest: input.effect.inputs.subject },
      baseCommit: stage.scheduler.repository.head,
      allowedPaths: ['src/**', 'test/**'],
      verificationCommands: ['node --test'],
      feedback: [
        { source: 'previous-attempt', text: 'the first try broke the card' },
        { source: 'review', text: 'please rename it' },
      ],
    });
    expect(head).toBe(stage.scheduler.repository.head);
  });

  test('stores the commands that its agent reports, marked as claims of the worker and limited in number', async () => {
    const event = (id: number, more: object) =>
      `echo '${JSON.stringify({ signalbox: 'command', id: String(id), command: `test ${id}`, ...more })}' >&2`;
    const ended = { ended: { exitCode: 1, output: 'red' } };
    const loop = `for i in $(seq 2 300); do ${event(0, ended).replaceAll('test 0', "test '$i'")}; done`;
    await stage.agent(`cat > /dev/null
      ${event(1, {})}; test -e /ws/.git; ${event(1, ended)}; ${event(2, {})}
      ${loop}
      ${report({ outcome: 'no-change' })}`);
    const { commands } = await endOf();
    const kept = workerCommandsSchema.parse(JSON.parse(await textOf(commands)));
    expect(kept).toHaveLength(200);
    expect(kept[0]).toEqual({
      ...{ by: 'worker', name: 'agent command', command: 'test 1', on: 'workspace', expected: null },
      ...{ passed: false, exitCode: 1, output: digestOfText('red'), durationMs: expect.any(Number) },
    });
    expect(kept.at(-1)?.command).toBe('test 200');
  });

  test('can send the model only what its policy allows', async () => {
    const body = JSON.stringify({
      model: stage.scheduler.policy.agent.model,
      stream: true,
      store: true,
      input: [],
    });
    const ask = `fetch(process.env.OPENAI_BASE_URL + '/responses', { method: 'POST', headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY }, body: process.argv[1] }).then(answer => console.error(answer.status))`;
    await stage.agent(`cat > /dev/null; node -e "${ask}" '${body}'; ${report({ outcome: 'no-change' })}`, {
      needsModel: true,
    });
    const answered = async (policy?: Digest) =>
      (await textOf((await endOf(policy === undefined ? {} : { policy })).transcript)).split('\n')[0];
    expect(await answered()).toBe('! 403');
    const allowing = await stage.policyWith({ agent: { modelMay: ['stored-responses'] } });
    expect(await answered(allowing)).toBe('! 200');
  });

  test('in a read-only mode returns no change, whatever the agent did or claims', async () => {
    await stage.agent(`cat > /dev/null; echo x > src/x.js; ${report()}`);
    const end = await endOf({ mode: 'analysis' });
    expect(end.ending).toBe('patch');
    expect(end).not.toHaveProperty('manifest');
    expect(end.account).toBe(
      'Fixed.\n\nCause:\n- A cache.\n\nWhere:\n- src/greeting.js:3\n\nChanges:\n- src/greeting.js: compares the name',
    );
    // Positive control: the same agent in a mode that can write.
    expect(await endOf()).toHaveProperty('manifest');
  });

  test('that fails is sealed if the policy asks for it, and says where; a successful one is not', async () => {
    const policy = await stage.policyWith({ workspace: { keepOnFailure: true } });
    await stage.agent('cat > /dev/null; echo half > src/half.js; exit 3');
    const end = await endOf({ policy });
    expect(end).toMatchObject({
      ending: 'crashed',
      keptWorkspace: expect.stringMatching(`^${hostname()}:/.*\\.tar$`),
    });
    const archive = end.keptWorkspace?.slice(hostname().length + 1) ?? '';
    expect(execFileSync('tar', ['-xOf', archive, './src/half.js'], { encoding: 'utf8' })).toBe('half\n');
    await rm(dirname(archive), { recursive: true });
    expect(await endOf()).not.toHaveProperty('keptWorkspace');
    await stage.agent(`cat > /dev/null; ${report({ outcome: 'no-change' })}`);
    expect(await endOf({ policy })).not.toHaveProperty('keptWorkspace');
  });

  test('runs in parallel with one of another issue, but two attempts of one issue never do', async () => {
    await stage.agent(`cat > /dev/null; date +%s%N >&2; sleep 1; date +%s%N >&2; ${report()}`);
    const [one, other] = [await stage.runInput(), await stage.runInput()];
    const again = { ...one, effect: { ...one.effect, runId: `${one.effect.runId}-again` } };
    const ends = await Promise.all(
      [one, other, again].map(async input => {
        const { end } = await factOf(stage.activities.runAgent, input);
        const [from = '', to = ''] = (await textOf(end.transcript)).match(/(?<=^! )\d+$/gm) ?? [];
        return { ending: end.ending, from: BigInt(from), to: BigInt(to) };
      }),
    );
    const overlap = (a = ends[0], b = ends[0]) =>
      a !== undefined && b !== undefined && a.from < b.to && b.from < a.to;
    expect(ends.map(({ ending }) => ending)).toEqual(['patch', 'patch', 'patch']);
    expect([overlap(ends[0], ends[2]), overlap(ends[0], ends[1]) || overlap(ends[2], ends[1])]).toEqual([
      false,
      true,
    ]);
  });
});

describe('the ending is', () => {
  test.each([
    ['no-change', report({ outcome: 'no-change' })],
    ['needs-human', report({ outcome: 'needs-human', questions: ['which?'] })],
    ['report-invalid', 'echo I am done'],
    ['no-report', 'true'],
    ['crashed', 'echo broken >&2; exit 3'],
    ['could-not-start', 'exit 127'],
    ['output-limit', 'exec cat /dev/zero'],
    ['output-limit', 'yes still at work | head -c 80000000'],
    ['output-limit', "yes '{' | head -c 64000000 >&2"],
  ] as const)('%s after: %s', async (ending, script) => {
    await stage.agent(`cat > /dev/null; ${script}`);
    const end = await endOf();
    expect(end.ending).toBe(ending);
    expect(end).not.toHaveProperty('manifest');
    expect(end).toHaveProperty('transcript');
    expect(end.questions).toEqual(ending === 'needs-human' ? ['which?'] : undefined);
  });

  test.each([
    ['silence', { silenceMs: 700 }, 'sleep 60'],
    ['wall-clock', { wallClockMs: 1_500 }, 'while sleep 0.1; do echo still >&2; done'],
    ['no-progress', { noProgressMs: 1_200 }, 'while sleep 0.1; do echo words; done'],
  ] as const)(
    '%s when that limit of the policy is exceeded, whatever was reported before',
    async (ending, limits, script) => {
      await stage.agent(`cat > /dev/null; ${report()}; ${script}`);
      const policy = await stage.policyWith({ limits });
      const startedAt = Date.now();
      const end = await endOf({ policy });
      expect(end.ending).toBe(ending);
      expect(end).not.toHaveProperty('report');
      expect(Date.now() - startedAt).toBeLessThan(5_000 + 1_500);
    },
  );

  test('sandbox-broken when the box cannot be started', async () => {
    await stage.agent(report());
    const { runnerActivities } = await import('../../../src/activities/runner.ts');
    const tier = { ...stage.ports.tier, bubblewrapPath: '/bin/false' };
    const { runAgent } = runnerActivities({ ...stage.ports, tier });
    const { ended } = await perform(runAgent, await stage.runInput());
    expect(ended).toMatchObject({ fact: { end: { ending: 'sandbox-broken' } } });
  });

  test('change-refused when the workspace cannot be read', async () => {
    await stage.agent(
      `cat > /dev/null; mkdir -p src/deep; touch src/deep/x; chmod 000 src/deep; ${report()}`,
    );
    const end = await endOf();
    expect(['change-refused', 'patch']).toContain(end.ending);
    if (end.manifest === undefined) return;
    const manifest = await bytesOf(end.manifest);
    expect(parseManifest(manifest, defaultManifestLimits)).toMatchObject({
      refused: [expect.objectContaining({ reason: 'unreadable' })],
    });
  });
});

describe('a run that cannot be started is', () => {
  test('RunnerFailed: the box’s user cannot read a mount of the agent; nothing was started for it', async () => {
    await stage.agent(report());
    const agentDir = join(stage.scheduler.dir, 'agent');
    await chmod(agentDir, stage.ports.tier.boxUid === undefined ? 0o000 : 0o700);
    try {
      expect(await run()).toEqual({
        failure: 'RunnerFailed',
        message: expect.stringMatching(
          /^the box’s user cannot read what the agent mounts: .*\/agent \(\/opt\/agent in the box\)\. Fix: .*chmod -R o\+rX/,
        ),
      });
    } finally {
      await chmod(agentDir, 0o755);
    }
    // Positive control: with the right to read, the same run ends.
    expect((await endOf()).ending).toBe('patch');
  });

  test.each([
    ['ArtifactMissing', 'the policy is missing in the store', { policy: `sha256:${'0'.repeat(64)}` }],
    ['ArtifactMissing', 'the review is missing in the store', { feedback: `sha256:${'0'.repeat(64)}` }],
  ] as const)('%s: %s', async (failure, _, change) => {
    await stage.agent(report());
    expect(await run(change)).toMatchObject({ failure });
  });

  test('Unexpected: the repository was not read yet', async () => {
    const { context, effect } = await stage.runInput();
    const { issue, generation } = context;
    const { ended } = await perform(stage.activities.runAgent, { context: { issue, generation }, effect });
    expect(ended).toMatchObject({ failure: 'Unexpected' });
  });

  test('retried when GitHub does not have the base commit', async () => {
    const { ended } = await perform(
      stage.activities.runAgent,
      await stage.runInput({ base: 'f'.repeat(40) }),
      { attemptsMax: 1 },
    );
    expect(ended).toEqual({ stillFailing: 'Git:absent' });
  });
});
