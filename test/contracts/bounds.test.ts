/**
 * The bounds that a writer and a reader share: whatever the longest text is made of, what was written can be read. One row
 * per pair, with the real writer and the real reader.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { reviewFeedback } from '../../src/activities/runner/review-feedback.ts';
import { agentTask } from '../../src/activities/runner/agent-task.ts';
import { Transcript } from '../../src/activities/runner/transcript.ts';
import { WorkerCommands } from '../../src/activities/runner/worker-commands.ts';
import { storedEvidence } from '../../src/activities/scheduler/evidence.ts';
import {
  loadPolicy,
  loadSnapshot,
  putCanonical,
  putReview,
  type Snapshot,
} from '../../src/activities/stored.ts';
import { createLocalDirectoryStore } from '../../src/artifacts/local-directory.ts';
import type { ArtifactStore } from '../../src/artifacts/port.ts';
import { type PolicyReading, parsePolicyFile } from '../../src/config/policy-file.ts';
import { parseReport } from '../../src/contracts/agent-report.ts';
import {
  DIFF_BYTES_MAX,
  INSTRUCTION_BYTES_MAX,
  ISSUE_BODY_CHARS_MAX,
  ISSUE_LINES_MAX,
  ISSUE_TITLE_CHARS_MAX,
  POLICY_CHARS_MAX,
  POLICY_COMMAND_CHARS_MAX,
  POLICY_FILE_BYTES_MAX,
  REPORT_BYTES_MAX,
  REVIEW_CHARS_MAX,
  SHOWN_ARTIFACT_BYTES_MAX,
  TASK_PATH_CHARS_MAX,
  TRANSCRIPT_BYTES_MAX,
  TRANSCRIPT_CHARS_MAX,
  WORKER_COMMANDS_MAX,
} from '../../src/contracts/bounds.ts';
import { defaultManifestLimits, manifestBytesMax } from '../../src/contracts/change-manifest.ts';
import { evidenceSchema } from '../../src/contracts/evidence.ts';
import { type Digest, digestOf } from '../../src/domain/digest.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { visible } from '../../src/domain/invisible.ts';
import type { RunEnd } from '../../src/domain/state/work.ts';
import { aReport } from '../agents/support/task.ts';

let dir: string;
let store: ArtifactStore;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'signalbox-bounds-'));
  store = createLocalDirectoryStore({ directory: dir });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What one character costs: escaped in JSON, of several bytes, half a pair, or written out by `visible`. */
const FILLS = {
  letters: 'a',
  quotes: '"',
  'control characters': '\u0001',
  'characters of three bytes': '語',
  'characters of four bytes': '\u{1f642}',
  'halves of pairs': '\ud800',
  'zero-width spaces': '\u200b',
  'private characters of two units': '\u{10fffd}',
} as const;
const fills = Object.entries(FILLS);

/** `chars` UTF-16 units. */
const filled = (fill: string, chars: number) => fill.repeat(Math.ceil(chars / fill.length)).slice(0, chars);
/** As many characters as GitHub allows, whatever a character is. */
const onGitHub = (fill: string): Snapshot => ({
  version: 1,
  title: visible(fill.repeat(256)),
  body: visible(fill.repeat(65_536)),
});

const minimalPolicy = (): Policy => policyIn(parsePolicyFile('version: 1\n'));
function policyIn(reading: PolicyReading): Policy {
  if ('policy' in reading) return reading.policy;
  throw new Error(JSON.stringify(reading.problems).slice(0, 500));
}
const storedPolicy = async (policy: Policy): Promise<Digest> => {
  const values = Object.entries(policy).filter(([key]) => key !== 'digest');
  return await putCanonical(store, Object.fromEntries(values));
};

describe.each(fills)('of %s', (_, fill) => {
  test('an issue can be read, and becomes an agent’s task', async () => {
    const snapshot = onGitHub(fill);
    const digest = await putCanonical(store, snapshot);
    expect(await loadSnapshot(store, digest)).toEqual(snapshot);
    const review = filled(fill, REVIEW_CHARS_MAX);
    const task = agentTask({
      issue: { repository: 'octo/app', number: 7 },
      effect: effect(digest),
      policy: minimalPolicy(),
      stored: { snapshot, contract: contractOf(snapshot.body), other: snapshot.body },
      context: {
        instructions: [{ path: 'AGENTS.md', text: filled(fill, INSTRUCTION_BYTES_MAX) }],
        contextFiles: [filled(fill, TASK_PATH_CHARS_MAX)],
        filteredFiles: [],
      },
      reviews: await reviewFeedback(store, {
        ...effect(digest),
        feedback: await putReview(store, review),
      }),
    });
    expect(task.issue.body).toBe(snapshot.body);
  });

  test('the commands and the report of a run can be read, and become evidence that people can read', async () => {
    const commands = new WorkerCommands();
    for (let id = 0; id < WORKER_COMMANDS_MAX + 10; id += 1)
      commands.note({ id: `${id}`, command: filled(fill, 4_000), ended: { exitCode: 0, output: '' } });
    const snapshot = { version: 1, title: 'T', body: 'text' };
    const end: RunEnd = {
      ...{ ending: 'patch', endedAt: 2, summary: filled(fill, 2_000) },
      usage: { inputTokens: 1, outputTokens: 2, costUsd: 0.5 },
      commands: await putCanonical(store, commands.all()),
      report: await putCanonical(store, longestReport(fill)),
    };
    const run = {
      ...({ runId: 'run-1', attempt: 1, mode: 'guarded', startedAt: 1 } as const),
      ...{ costUsdMax: 1, end },
      inputs: {
        subject: await putCanonical(store, snapshot),
        policy: await storedPolicy(minimalPolicy()),
        base: 'a'.repeat(40),
      },
    };
    const change = {
      ...{ runId: 'run-1', commit: 'b'.repeat(40), tree: 'c'.repeat(40), diff: digestOf('d') },
      ...{ files: [], protectedPaths: [] },
    };
    const verification = { commit: change.commit, checks: [] };
    const { digest } = await storedEvidence(store, {
      ...{ issue: 'octo/app#7', generation: 1 },
      ...{ run, change, verification },
    });
    const bytes = await store.get(digest, SHOWN_ARTIFACT_BYTES_MAX);
    const bundle = evidenceSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    expect(bundle.commands).toHaveLength(WORKER_COMMANDS_MAX);
  });

  test('a transcript can be read', async () => {
    const transcript = new Transcript();
    const line = filled(fill, 60_000);
    for (let chars = 0; chars < TRANSCRIPT_CHARS_MAX + 2 * line.length; chars += line.length)
      transcript.add('stderr', line);
    const bytes = await store.get(await transcript.store(store), TRANSCRIPT_BYTES_MAX);
    expect(bytes.length).toBeGreaterThan(TRANSCRIPT_CHARS_MAX - 100_000);
  });

  test('a policy can be read', async () => {
    const policy = policyIn(parsePolicyFile(longestPolicy(fill)));
    expect((await loadPolicy(store, await storedPolicy(policy))).setUp).toEqual(policy.setUp);
  });
});

test('a list of as many items as a body has lines is an agent’s task', () => {
  const items = Array.from({ length: ISSUE_LINES_MAX }, () => '');
  const contract = { ...contractOf(''), acceptanceCriteria: items, stopConditions: items };
  const snapshot: Snapshot = { version: 1, title: '', body: '' };
  const task = agentTask({
    issue: { repository: 'octo/app', number: 7 },
    ...{ effect: effect(digestOf('s')), policy: minimalPolicy(), stored: { snapshot, contract, other: '' } },
    context: { instructions: [], contextFiles: [], filteredFiles: [] },
  });
  expect(task.contract.acceptanceCriteria).toHaveLength(ISSUE_LINES_MAX);
});

test('a task can have the longest commands and paths that a policy can have', () => {
  const run = 'x'.repeat(POLICY_COMMAND_CHARS_MAX);
  const words = Array.from({ length: 200 }, (_, index) => `${index}`.padEnd(200, 'x'));
  const policy = minimalPolicy();
  const task = agentTask({
    issue: { repository: 'octo/app', number: 7 },
    effect: effect(digestOf('s')),
    policy: {
      ...policy,
      change: { ...policy.change, allowedPaths: words, protectedPaths: words },
      verification: {
        ...policy.verification,
        commands: Array.from({ length: 50 }, () => ({ name: 'n', run })),
      },
    },
    stored: { snapshot: { version: 1, title: '', body: '' }, contract: contractOf(''), other: '' },
    context: { instructions: [], contextFiles: [], filteredFiles: [] },
  });
  expect(task.verificationCommands).toHaveLength(50);
});

test.each([
  ['what people read, and a transcript', SHOWN_ARTIFACT_BYTES_MAX, TRANSCRIPT_BYTES_MAX],
  ['what people read, and a diff of bytes that are no text', SHOWN_ARTIFACT_BYTES_MAX, 3 * DIFF_BYTES_MAX],
  ['a policy file by hand, and on GitHub', POLICY_FILE_BYTES_MAX, 3 * POLICY_CHARS_MAX],
  [
    'a manifest, and all its files',
    manifestBytesMax(defaultManifestLimits),
    defaultManifestLimits.totalBytesMax,
  ],
  ['an issue’s body, and what GitHub allows', ISSUE_BODY_CHARS_MAX, 65_536 * 10],
  ['an issue’s title, and what GitHub allows', ISSUE_TITLE_CHARS_MAX, 256 * 10],
])('%s: the reader’s bound is at least the writer’s', (_, reader, writer) => {
  expect(reader).toBeGreaterThanOrEqual(writer);
});

function effect(subject: Digest) {
  return {
    ...({ kind: 'run-agent', runId: 'run-1', attempt: 1, mode: 'guarded' } as const),
    ...{ lessons: [], costUsdMax: 1, inputs: { subject, policy: digestOf('p'), base: 'a'.repeat(40) } },
  };
}

/** Every part has the whole text. */
function contractOf(body: string) {
  return {
    ...{ problem: body, expected: body, evidence: body, nonGoals: body, risks: body, sourceOfTruth: body },
    ...{ acceptanceCriteria: [body], stopConditions: [body] },
  };
}

/** As long as it may be in the words of the agent. */
function longestReport(fill: string) {
  let last: ReturnType<typeof parseReport> = { ok: false, problem: 'empty', detail: '' };
  for (let lines = 1; lines <= 100; lines += 1) {
    const remainingRisks = Array.from({ length: lines }, () => filled(fill, 4_000));
    const text = JSON.stringify(aReport({ remainingRisks }));
    if (Buffer.byteLength(text) > REPORT_BYTES_MAX) break;
    last = parseReport(text);
  }
  if (last.ok) return last.report;
  throw new Error(last.problem);
}

/** Lists of long words, and an alias for each further list. */
function longestPolicy(fill: string): string {
  const word = JSON.stringify(filled(fill, 190));
  const words = Math.min(200, Math.floor((POLICY_CHARS_MAX - 1_000) / (word.length + 3)));
  return [
    'version: 1',
    `setup: { inputs: &list [${Array.from({ length: words }, () => ` ${word}`).join(',\n')}] }`,
    'change: { allowedPaths: *list, protectedPaths: *list }',
    'verification: { testPaths: *list }',
  ].join('\n');
}
