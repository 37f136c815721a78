/** Facts of a run and of its change: ended, built or refused, verified, assembled as evidence. */
import { rule } from '../actor.ts';
import { boxInRecord, type RecordedBox } from '../box-facts.ts';
import { withDelay } from '../delay.ts';
import { ENDING_RULES } from '../ending.ts';
import { type Mode, MODE_RIGHTS } from '../mode.ts';
import { omit } from '../omit.ts';
import { riskOfPaths } from '../risk.ts';
import type { IssueState } from '../state.ts';
import type { Change, Refusal, RunEnd, RunFacts, Verification } from '../state/work.ts';
import { refusedAdoption } from './adoption.ts';
import { withCarried } from './carry.ts';
import { withWaitingRequests } from './requested-changes.ts';
import { isSuggested, refusedSuggestions } from './suggestions.ts';
import { chain, type FactOf, type Reduced, refuse } from './result.ts';

export function onRunEnded(state: IssueState, { runId, end: reported }: FactOf<'run-ended'>): Reduced {
  const run = state.runs.find(known => known.runId === runId);
  if (run === undefined) return refuse(`there is no run ${runId}`);
  if (ENDING_RULES[reported.ending].isWithoutAgent === true)
    return refuse(`no agent run ends as ${reported.ending}`);
  if (run.end !== undefined) return refuse(`run ${runId} has already ended`);
  const end = accountKept(withoutEmptyPatch(reported), run.mode);
  const runs = state.runs.map(known => (known === run ? { ...known, end } : known));
  return {
    state: withWaitingRequests(providerWait({ ...state, runs, refusals: [] }, { ...run, end })),
    note: {
      cause: `run ${runId} ended${heldBy(end.box)}: ${ENDING_RULES[end.ending].meaning}`,
      // The report is data, and the transition is the scheduler's. The actor says what caused the ending.
      actor: ENDING_RULES[end.ending].counts === 'own' ? { kind: 'worker', runId } : rule('run limits'),
      digests: {
        ...(end.report === undefined ? {} : { report: end.report }),
        ...(end.manifest === undefined ? {} : { manifest: end.manifest }),
      },
    },
  };
}

/** The next attempt waits for the model provider. */
function providerWait(state: IssueState, { startedAt: since, end }: RunFacts): IssueState {
  if (end?.retryAfterMs === undefined) return state;
  const reason = `${ENDING_RULES[end.ending].meaning}: ${end.summary}`;
  return withDelay(state, 'run-agent', { since, reason, limitEnds: state.at + end.retryAfterMs });
}

/**
 * A record about work in a box names the box and its weaknesses. Lost runs, and facts older than this rule, have no box.
 */
function heldBy(box: RecordedBox | undefined): string {
  return box === undefined ? '' : ` (box: ${boxInRecord(box)})`;
}

/** The box of the run that produced the change. */
function boxOfRun(state: IssueState, runId: string): string {
  return heldBy(state.runs.find(run => run.runId === runId)?.end?.box);
}

/** A patch without a manifest is a change that could not be copied out of the box. */
function withoutEmptyPatch(end: RunEnd): RunEnd {
  return end.ending === 'patch' && end.manifest === undefined ? { ...end, ending: 'change-refused' } : end;
}

/** Keeps the account only where no pull request describes the work. */
function accountKept(end: RunEnd, mode: Mode): RunEnd {
  return MODE_RIGHTS[mode].mayOpenPullRequest ? omit(end, 'account') : end;
}

export function onChangeBuilt(state: IssueState, { change }: FactOf<'change-built'>): Reduced {
  if (state.policy === undefined) return refuse('there is no policy');
  if (!state.runs.some(run => run.runId === change.runId)) return refuse(`there is no run ${change.runId}`);
  const changeRisk = riskOfPaths(
    change.files.map(file => file.path),
    state.policy.risk,
  );
  return {
    state: { ...state, change: withEarlier(state, change), changeRisk, refusals: [], verificationsLost: 0 },
    note: {
      cause: `built ${change.commit.slice(0, 12)} from ${change.files.length} changed files${boxOfRun(state, change.runId)}`,
      actor: rule('change judgement'),
      digests: { commit: change.commit },
    },
  };
}

/** Enough for a branch that moves with each commit of others; an approval that is older is asked for again. */
const EARLIER_MAX = 20;

/** The same bytes on another base: what was approved then can be compared with it. */
function withEarlier({ change: before }: IssueState, change: Change): Change {
  if (before?.runId !== change.runId || change.patch === undefined) return change;
  const earlier = [...(before.earlier ?? []), before.commit].slice(-EARLIER_MAX);
  return { ...change, earlier: earlier.filter(commit => commit !== change.commit) };
}

export function onChangeRefused(state: IssueState, event: FactOf<'change-refused'>): Reduced {
  if (event.refusals.length === 0) return refuse('the change was refused without a reason');
  if (event.runId === state.adoption?.runId)
    return refusedAdoption(state, event.refusals.slice(0, NAMED_MAX).map(refusalText).join('; '));
  if (isSuggested(state, event.runId))
    return refusedSuggestions(state, event.refusals.slice(0, NAMED_MAX).map(refusalText).join('; '));
  return {
    state: { ...state, refusals: event.refusals },
    note: {
      cause: `the change of ${event.runId}${boxOfRun(state, event.runId)} was refused: ${event.refusals[0]?.reason ?? ''}`,
      actor: rule('change judgement'),
    },
  };
}

function refusalText({ path, reason }: Refusal): string {
  return path === '' ? reason : `${path}: ${reason}`;
}

const NAMED_MAX = 5;

export function onVerified(state: IssueState, { verification }: FactOf<'verified'>): Reduced {
  if (verification.commit !== state.change?.commit)
    return refuse(`${verification.commit} was verified, but it is not the current change`);
  return {
    state: { ...state, verification },
    note: {
      cause: verifiedCause(verification),
      actor: rule('verification'),
      digests: { commit: verification.commit },
    },
  };
}

export function onEvidence(state: IssueState, { evidence }: FactOf<'evidence-assembled'>): Reduced {
  if (evidence.commit !== state.change?.commit)
    return refuse(`the evidence is for ${evidence.commit}, but that is not the current change`);
  const note = {
    cause: 'the evidence was assembled',
    actor: rule('lifecycle'),
    digests: { evidence: evidence.digest },
  };
  return chain({ state: { ...state, evidence }, note }, withCarried);
}

export function verifiedCause({ checks, box, setUp }: Verification): string {
  const odd = checks.filter(check => check.passed !== (check.expected === 'pass')).length;
  const what =
    odd === 0 ? `${checks.length} checks as expected` : `${odd} of ${checks.length} checks not as expected`;
  const below = setUp?.box === undefined ? '' : `, on a set-up of the ${setUp.on}${heldBy(setUp.box)}`;
  return `verified${heldBy(box)}: ${what}${below}`;
}
