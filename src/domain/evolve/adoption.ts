/** Commits of others on our branch: adopted by a person, read, refused, or void because the branch moved. */
import { type Actor, rule } from '../actor.ts';
import { foreignHead, ownHead, replacedHead, withoutAdoption } from '../adoption.ts';
import { excerpt } from '../command-words.ts';
import type { Decision } from '../decision.ts';
import type { Digest } from '../digest.ts';
import { withDue } from '../due.ts';
import { inputsNow, modeOf } from '../facts.ts';
import { commitsText, shortHead } from '../foreign-head.ts';
import { omit } from '../omit.ts';
import { RISKS } from '../risk.ts';
import type { IssueState } from '../state.ts';
import type { RunEnd, RunFacts } from '../state/work.ts';
import { type FactOf, type Noted, type Reduced, refuse } from './result.ts';

const SUMMARY_CHARS_MAX = 1_000;

const GITHUB: Actor = { kind: 'outside', what: 'GitHub' };

/** The policy and the target branch are read again first: the commits can contain newer ones of it. */
export function adoptHead(state: IssueState, { by }: Decision): IssueState {
  const known = foreignHead(state)?.known;
  if (known === undefined) return state;
  const clear = withoutAdoption(omit(state, 'escalated', 'blocked'));
  return { ...clear, adoption: { ...known, by }, policyDue: true };
}

/** The files of the adopted head are the result of a run without an agent: it costs nothing and counts as no attempt. */
export function onCommitsAdopted(state: IssueState, event: FactOf<'commits-adopted'>): Reduced {
  const { adoption } = state;
  const inputs = inputsNow(state);
  // The branch moved while its files were read: what was read is void.
  if (adoption === undefined || adoption.head !== event.head || adoption.runId !== undefined)
    return { state };
  if (inputs === undefined) return refuse('there is nothing to work on');
  const { by, head, total, commits, authors } = adoption;
  const run: RunFacts = {
    runId: event.runId,
    attempt: (state.runs.at(-1)?.attempt ?? 0) + 1,
    mode: modeOf(state),
    inputs: { ...inputs, base: event.base },
    ...(state.feedback === undefined ? {} : { feedback: state.feedback.digest }),
    startedAt: state.at,
    costUsdMax: 0,
    adopted: { by, head, total, commits, authors },
    ...creditsBelow(state),
    end: endWithoutAgent(state, { ending: 'adopted', what: commitsText(adoption), manifest: event.manifest }),
  };
  return {
    state: {
      ...state,
      runs: [...state.runs, run],
      adoption: { ...adoption, runId: event.runId },
      refusals: [],
    },
    note: {
      cause: `run ${event.runId}: adopted ${commitsText(adoption)}`,
      actor: by,
      judgement: 'engineering',
      digests: { head, base: event.base, manifest: event.manifest },
    },
  };
}

function runBelow({ runs }: IssueState): RunFacts | undefined {
  return runs.findLast(({ end, withdrawn }) => end?.manifest !== undefined && withdrawn !== true);
}

/** Our commit below has the suggestions of people. */
function creditsBelow(state: IssueState): Pick<RunFacts, 'suggestedBy'> {
  const { suggestedBy } = runBelow(state) ?? {};
  return suggestedBy === undefined ? {} : { suggestedBy };
}

export interface WithoutAgent {
  readonly ending: 'adopted' | 'suggested';
  readonly what: string;
  readonly manifest: Digest;
}

/** What an agent reported of the change below stays true of it: its risk and its claims. */
export function endWithoutAgent(state: IssueState, { ending, what, manifest }: WithoutAgent): RunEnd {
  const below = runBelow(state);
  const raised = RISKS.findLast(risk => state.runs.some(({ end }) => end?.raisedRisk === risk));
  const report = below?.end?.report;
  return {
    ending,
    endedAt: state.at,
    // With each adoption there is more below.
    summary: excerpt(`${what}, on top of: ${below?.end?.summary ?? 'no change'}`, SUMMARY_CHARS_MAX),
    usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
    manifest,
    ...(report === undefined ? {} : { report }),
    ...(raised === undefined ? {} : { raisedRisk: raised }),
  };
}

export function onAdoptionRefused(state: IssueState, { head, reason }: FactOf<'adoption-refused'>): Noted {
  return state.adoption?.head === head ? refusedAdoption(state, reason) : { state };
}

/** The commits stay on the branch, and a person decides about them again. */
export function refusedAdoption(state: IssueState, why: string): Noted {
  const head = shortHead(state.adoption?.head ?? '');
  const reason = `the commits up to ${head} were not adopted: ${why}`;
  return {
    state: {
      ...withoutAdoption(state),
      blocked: { reason, mend: 'push a commit that fixes it, then /adopt the new head', since: state.at },
    },
    note: { cause: reason, actor: rule('change judgement') },
  };
}

/**
 * Nothing was pushed. The pull request, if there is one, is read before anything else happens. Adopted commits that were
 * taken back leave our own commit.
 */
export function onBranchMoved(state: IssueState, { found }: FactOf<'branch-moved'>): Reduced {
  const isOurs = found.head === ownHead(state);
  return {
    state: {
      ...withDue(withoutAdoption(state), ['pull-request']),
      ...(isOurs ? {} : { branchFound: found }),
    },
    note: {
      cause: `nothing was pushed: the branch has ${commitsText(found)} (head ${shortHead(found.head)})`,
      actor: GITHUB,
      digests: { head: found.head },
    },
  };
}

/** What a person said is about one head. When the branch has moved, it is void. */
export function withHeadRead(before: IssueState): Noted {
  const { pullRequest } = before;
  const state = omit(before, 'branchFound');
  const said = replacedHead(state);
  if (said === undefined || pullRequest?.head === said || isPushing(state)) return { state };
  return {
    state: withoutAdoption(state),
    note: {
      cause: `what was said about the head ${shortHead(said)} is void: the branch moved to ${shortHead(pullRequest?.head ?? '')}`,
      actor: GITHUB,
    },
  };
}

/** Our push is under way and visible already. */
function isPushing({ sent, pullRequest }: IssueState): boolean {
  return sent?.kind === 'push-commit' && sent.commit === pullRequest?.head;
}

/** Our commit is on the branch, and has replaced what others left there. Its run counts, whatever was void meanwhile. */
export function withPushed(state: IssueState, commit: string): IssueState {
  const before = replacedHead(state) ?? state.pushed;
  const { change } = state;
  const isOf = (run: RunFacts): boolean => change?.commit === commit && run.runId === change.runId;
  return {
    ...omit(state, 'adoption', 'dropped', 'branchFound'),
    runs: state.runs.map(run => (isOf(run) && run.withdrawn === true ? omit(run, 'withdrawn') : run)),
    pushed: commit,
    ...(before === undefined ? {} : { pushedBefore: before }),
  };
}
