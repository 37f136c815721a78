/** A made-up GitHub and agent behind the activity interfaces: everything succeeds at once, unless a script says otherwise. */
import { ApplicationFailure } from '@temporalio/common';
import type {
  EffectInput,
  RunnerActivities,
  ScanActivities,
  SchedulerActivities,
} from '../../../src/contracts/activities.ts';
import { parsePolicyFile } from '../../../src/config/policy-file.ts';
import { LONG_WAIT } from '../../../src/contracts/names.ts';
import type { EvidenceBundle } from '../../../src/contracts/evidence.ts';
import { type Digest, digestOf, digestOfText } from '../../../src/domain/digest.ts';
import type { Observation, ObservedCommand } from '../../../src/domain/observation.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { RunEnd } from '../../../src/domain/state/work.ts';
import { candidateActs, verifyAhead, verifyCandidate } from './candidates.ts';
import { issue } from './issue.ts';
import { heartbeatUntil, createScripts, type Script, scripted, type Scripts } from './script.ts';

/** Stores a text where the command line reads it, and returns its digest. */
export type Put = (text: string) => Promise<Digest>;

export interface World {
  readonly scheduler: SchedulerActivities & ScanActivities;
  readonly runner: RunnerActivities;
  /** Comments with commands, by issue number. */
  readonly commands: Map<number, ObservedCommand[]>;
  /** Issues without the opt-in label. */
  readonly notOptedIn: Set<number>;
  /** One entry for each written projection, by issue. */
  readonly projected: string[];
  /** One entry for each call and each removal of one. */
  readonly called: string[];
  /** Issues whose runs wait, by number, until the promise resolves. */
  readonly heldRuns: Map<number, Promise<void>>;
  /** How single issues differ from the successful case. */
  readonly scripts: Scripts;
}

/** GitHub's limit, as the activities report it. */
const USED_UP = ApplicationFailure.create({
  ...{ type: LONG_WAIT, message: "GitHub's requests of this hour are used up" },
  ...{ nextRetryDelay: '40 minutes', details: [{ afterMs: 40 * 60_000 }] },
});

export const DIFF_TEXT = '--- a/src/greeting.js\n+++ b/src/greeting.js\n-old\n+new\n';
export const TRANSCRIPT_TEXT = 'reads src/greeting.js\nruns the tests\n';

export const POLICY_TEXT = `version: 1
optIn: { label: ai }
decisions: { sources: [github, temporal] }
merge: { by: scheduler }
release: { verify: merge, signOffFromRisk: never }
`;

const SHA = (seed: string): string => digestOf(seed).slice('sha256:'.length, 'sha256:'.length + 40);

/** What is not made up. */
export interface Real {
  readonly put: Put;
  readonly archive: SchedulerActivities['archiveAudit'];
  readonly join: SchedulerActivities['joinLine'];
}

/** Archiving and joining the line of merges are the real activities; everything else is made up. */
export function createWorld({ put, archive, join }: Real): World {
  const facts = {
    ...{ commands: new Map<number, ObservedCommand[]>(), notOptedIn: new Set<number>() },
    ...{ projected: [], called: [], heldRuns: new Map<number, Promise<void>>(), scripts: createScripts() },
  };
  return {
    ...facts,
    scheduler: scripted(scheduler({ facts, put, archive, join }), facts.scripts),
    runner: scripted(runner(facts, put), facts.scripts),
  };
}

type Facts = Omit<World, 'scheduler' | 'runner'>;

interface SchedulerWorld extends Real {
  readonly facts: Facts;
}

function scheduler({ facts, put, archive, join }: SchedulerWorld): SchedulerActivities & ScanActivities {
  const head = SHA('base');
  return {
    joinLine: join,
    ...forgeActs({ head, put, scripts: facts.scripts }),
    ...candidateActs({ head, tree: SHA('tree'), scripts: facts.scripts }),
    readPolicy: async ({ context }) => ({
      type: 'policy-read',
      policy: policy(facts.scripts.of(context.issue.number).policy),
      repository: {
        id: 1,
        defaultBranch: 'main',
        head: facts.scripts.of(context.issue.number).head ?? head,
        cloneUrl: 'https://github.test/acme/profile.git',
        url: 'https://github.test/acme/profile',
      },
      ...callingOf(facts.scripts.of(context.issue.number)),
    }),
    look: async ({ context, facets, pullRequest }) =>
      observed({ number: context.issue.number, facets, facts, pullRequest }),
    handOverMerge: async ({ effect: { head } }) => ({ type: 'hand-over-needless', head }),
    takeBackMerge: async ({ effect: { head } }) => ({ type: 'taken-back', head }),
    rerunCheck: async ({ effect: { head, name, attempt } }) => ({ type: 'check-rerun', head, name, attempt }),
    writeProjection: async ({ context, digest, projection }) => {
      facts.projected.push(`#${context.issue.number}`);
      return { type: 'projected', digest, commentId: 1, labels: projection.labels };
    },
    writeReplies: async ({ replies }) => ({
      type: 'replied',
      commentIds: replies.map(({ commentId }) => commentId),
    }),
    answerThreads: async ({ answers }) => ({ type: 'threads-answered', threads: answers }),
    callPeople: async ({ context, call }) => {
      const { seq, ask, answers, rung, hold, to } = call;
      facts.called.push(`#${context.issue.number} ${hold} ${rung}: ${to.join(' ')}`);
      return { type: 'called', call: { seq, ask, answers, rung, hold }, who: to, commentId: 100 + seq };
    },
    foldCall: async ({ context, seq }) => {
      facts.called.push(`#${context.issue.number} folded ${seq}`);
      return { type: 'call-folded', seq };
    },
    notifyWebhook: async ({ context, notice: { seq } }) => {
      const { webhookSays: problem } = facts.scripts.of(context.issue.number);
      return { type: 'notified', seq, ...(problem === undefined ? {} : { problem }) };
    },
    archiveAudit: async input => {
      facts.scripts.of(input.context.issue.number).archived.push(...input.records);
      return await archive(input);
    },
    scanRepository: async ({ repository }) => {
      if (repository.repo === 'nowhere') throw ApplicationFailure.nonRetryable('Not Found', 'GitHubNotFound');
      if (repository.repo === 'limited') throw USED_UP;
      return { label: 'ai', full: false, issues: [] };
    },
    startIssues: async ({ issues }) => ({ started: issues.length }),
  };
}

function callingOf({ calling, hasLines }: Script): Pick<Script, 'calling' | 'hasLines'> {
  return {
    ...(calling === undefined ? {} : { calling }),
    ...(hasLines === undefined ? {} : { hasLines }),
  };
}

interface Forge {
  readonly head: string;
  readonly put: Put;
  readonly scripts: Scripts;
}

function forgeActs({ head, put, scripts }: Forge) {
  return {
    claimBranch: async ({ effect }) => ({ type: 'claimed', branch: effect.branch, base: effect.base }),
    adoptCommits: async ({ effect: { runId, head } }) => ({
      type: 'commits-adopted',
      runId,
      head,
      base: SHA('base'),
      manifest: digestOf('manifest'),
    }),
    applySuggestions: async ({ effect: { runId, suggestions } }) => ({
      type: 'suggestions-applied',
      runId,
      suggestions,
      manifest: digestOf(`manifest of ${runId}`),
    }),
    buildChange: async ({ context, effect }) => {
      const { runId, base, from } = effect;
      const { change: overrides, outdated: paths = [] } = scripts.of(context.issue.number);
      if (from !== undefined && paths.length > 0) return { type: 'change-outdated', runId, base, paths };
      const made = await change(from === undefined ? runId : `${runId} on ${base}`, put);
      const moved = from === undefined ? {} : { base };
      return { type: 'change-built', change: { ...made, runId, ...moved, ...overrides } };
    },
    assembleEvidence: async ({ context, effect }) => {
      const digest = await put(JSON.stringify(bundle(effect)));
      const onto = effect.onto === undefined ? {} : { onto: effect.onto };
      const { concerns = [] } = scripts.of(context.issue.number);
      return { type: 'evidence-assembled', evidence: { commit: effect.commit, ...onto, digest, concerns } };
    },
    pushCommit: async ({ effect }) => ({ type: 'pushed', commit: effect.commit }),
    publishEvidence: async ({ effect }) => ({ type: 'evidence-published', digest: effect.digest }),
    markReady: async ({ effect }) => ({ type: 'marked-ready', head: effect.head }),
    openPullRequest: async ({ effect }) => ({
      type: 'pull-request-opened',
      pullRequest: pull(2, effect.head),
    }),
    mergePullRequest: async ({ effect }) => ({
      type: 'merged',
      commit: SHA(`merge ${head}`),
      head: effect.head,
    }),
    checkRelease: async ({ context }) => {
      const { release } = scripts.of(context.issue.number);
      return {
        type: 'release-checked',
        release: { onDefaultBranch: true, deployment: null, probes: [], ...release },
      };
    },
    releaseClaim: async () => ({ type: 'claim-released' }),
    closeIssue: async () => ({ type: 'issue-closed' }),
  } satisfies Partial<SchedulerActivities>;
}

function runner(facts: Facts, put: Put): RunnerActivities {
  return {
    runAgent: async ({ context, effect }) => {
      const { number } = context.issue;
      const wait = facts.heldRuns.get(number);
      if (wait !== undefined) await heartbeatUntil(wait);
      const end: RunEnd = {
        ...{ ending: 'patch', endedAt: Date.now(), summary: 'the greeting follows the name' },
        usage: { inputTokens: 100, outputTokens: 10, costUsd: 0.01 },
        manifest: digestOf('manifest'),
        transcript: await put(TRANSCRIPT_TEXT),
        ...facts.scripts.of(number).runs?.[effect.attempt - 1],
      };
      return { type: 'run-ended', runId: effect.runId, end };
    },
    verifyChange: async ({ effect }) => ({
      type: 'verified',
      verification: { commit: effect.commit, checks: [] },
    }),
    verifyCandidate,
    verifyAhead,
  };
}

function policy(text = POLICY_TEXT): Policy {
  const reading = parsePolicyFile(text);
  if ('problems' in reading) throw new Error(JSON.stringify(reading.problems));
  return reading.policy;
}

function bundle({ runId, commit }: { readonly runId: string; readonly commit: string }): EvidenceBundle {
  return {
    ...{ version: 1, issue: 'Acme/profile#1', generation: 1, commit, protectedPaths: [], concerns: [] },
    ...{ contract: digestOf('contract'), summary: 'The name belongs to the greeting.' },
    inputs: { subject: digestOf('subject'), policy: digestOf('policy'), base: SHA('base') },
    run: { runId, attempt: 1, mode: 'guarded', box: 'bubblewrap', prompt: null, usage: null },
    files: [{ path: 'src/greeting.js', status: 'modified' }],
    diff: digestOfText(DIFF_TEXT),
    ...{ commands: [], setUp: null, proven: [], skipped: [], remainingRisks: [], stopConditionsMet: [] },
    ...{ report: null, transcript: null, owed: ['the merge commit on the default branch'] },
  };
}

async function change(runId: string, put: Put) {
  return {
    runId,
    commit: SHA(`commit of ${runId}`),
    tree: SHA('tree'),
    files: [{ path: 'src/greeting.js', status: 'modified' as const }],
    protectedPaths: [],
    diff: await put(DIFF_TEXT),
  };
}

function pull(number: number, head: string) {
  const url = `https://github.test/acme/profile/pull/${number}`;
  const state = { state: 'open' as const, draft: false, merged: null, mergeable: true, reviews: [] };
  return { number, url, head, base: 'main', ...state };
}

interface Looked {
  readonly number: number;
  readonly facets: Observation['facets'];
  readonly facts: Facts;
  readonly pullRequest: number | undefined;
}

function observed({ number, facets, facts, pullRequest }: Looked): Observation {
  const commands = facts.commands.get(number) ?? [];
  const script = facts.scripts.of(number);
  const { gone } = script;
  const read =
    gone === undefined ? { ...issue(number, !facts.notOptedIn.has(number)), ...script.issue } : { gone };
  return {
    facets,
    ...(facets.includes('issue') ? { issue: read } : {}),
    ...(facets.includes('pull-request') && pullRequest !== undefined
      ? { pullRequest: { ...pull(pullRequest, headOf(script)), ...script.pullRequest } }
      : {}),
    ...(facets.includes('comments')
      ? { comments: { commands, lastId: commands.at(-1)?.commentId ?? 0, status: null } }
      : {}),
  };
}

/** The head of the pull request is the last pushed commit. */
function headOf({ inputs }: Pick<Script, 'inputs'>): string {
  const pushed = inputs['pushCommit']?.at(-1) as EffectInput<'push-commit'> | undefined;
  return pushed?.effect.commit ?? '';
}
