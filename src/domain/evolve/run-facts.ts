/** Facts of a run and of the change it left: ended, built or refused, verified, put together as evidence. */
import { rule } from '../actor.ts';
import { boxInRecord, type RecordedBox } from '../box-facts.ts';
import { ENDING_RULES } from '../ending.ts';
import { type Mode, MODE_RIGHTS } from '../mode.ts';
import { omit } from '../omit.ts';
import { riskOfPaths } from '../risk.ts';
import type { IssueState } from '../state.ts';
import type { RunEnd, Verification } from '../state/work.ts';
import { type FactOf, type Reduced, refuse } from './result.ts';

export function onRunEnded(state: IssueState, { runId, end: told }: FactOf<'run-ended'>): Reduced {
  const run = state.runs.find(known => known.runId === runId);
  if (run === undefined) return refuse(`there is no run ${runId}`);
  if (run.end !== undefined) return refuse(`run ${runId} has ended already`);
  const end = accountKept(withoutEmptyPatch(told), run.mode);
  const runs = state.runs.map(known => (known === run ? { ...known, end } : known));
  return {
    state: { ...state, runs, refusals: [] },
    note: {
      cause: `run ${runId} ended${heldBy(end.box)}: ${ENDING_RULES[end.ending].meaning}`,
      // The report is data: the transition is the scheduler's, the ending is what the worker's run came to.
      actor: ENDING_RULES[end.ending].counts === 'own' ? { kind: 'worker', runId } : rule('run limits'),
      digests: {
        ...(end.report === undefined ? {} : { report: end.report }),
        ...(end.manifest === undefined ? {} : { manifest: end.manifest }),
      },
    },
  };
}

/**
 * Each record that rests on something done in a box names its kind, and what it was found not to hold against. What was recorded before boxes were named, and a run that was lost, tell none.
 */
function heldBy(box: RecordedBox | undefined): string {
  return box === undefined ? '' : ` (box: ${boxInRecord(box)})`;
}

/** The bytes that became the change left the box of this run. */
function boxOfRun(state: IssueState, runId: string): string {
  return heldBy(state.runs.find(run => run.runId === runId)?.end?.box);
}

/** A patch without the bytes of a change is a change that did not come out of the box. */
function withoutEmptyPatch(end: RunEnd): RunEnd {
  return end.ending === 'patch' && end.manifest === undefined ? { ...end, ending: 'change-refused' } : end;
}

/** Where a pull request follows, it tells what was done; otherwise the report is all that people get. */
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
    state: { ...state, change, changeRisk, refusals: [], verificationsLost: 0 },
    note: {
      cause: `built ${change.commit.slice(0, 12)} from ${change.files.length} changed files${boxOfRun(state, change.runId)}`,
      actor: rule('change judgement'),
      digests: { commit: change.commit },
    },
  };
}

export function onChangeRefused(state: IssueState, event: FactOf<'change-refused'>): Reduced {
  if (event.refusals.length === 0) return refuse('a change was refused without a reason');
  return {
    state: { ...state, refusals: event.refusals },
    note: {
      cause: `the change of ${event.runId}${boxOfRun(state, event.runId)} was refused: ${event.refusals[0]?.reason ?? ''}`,
      actor: rule('change judgement'),
    },
  };
}

/** The bytes are of files that are others now: only another run, on what stands there, can go on from here. */
export function onChangeOutdated(state: IssueState, event: FactOf<'change-outdated'>): Reduced {
  const { runId, base, paths } = event;
  const attempt = state.runs.find(known => known.runId === runId)?.attempt;
  if (attempt === undefined || paths.length === 0) return refuse(`nothing of ${runId} can be outdated`);
  const named = paths.slice(0, NAMED_MAX).join(', ');
  const reason = `the default branch moved on, with other changes to ${paths.length} of its files: ${named}`;
  return {
    state: {
      ...state,
      runBase: base,
      rejections: [...state.rejections, { attempt, reason }],
    },
    note: {
      cause: `the change of ${runId} no longer fits: ${reason}`,
      actor: rule('change judgement'),
      digests: { base },
    },
  };
}

const NAMED_MAX = 5;

export function onVerified(state: IssueState, { verification }: FactOf<'verified'>): Reduced {
  if (verification.commit !== state.change?.commit)
    return refuse(`${verification.commit} was verified, which is not the change`);
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
    return refuse(`the evidence is of ${evidence.commit}, which is not the change`);
  return {
    state: { ...state, evidence },
    note: {
      cause: 'the evidence was assembled',
      actor: rule('lifecycle'),
      digests: { evidence: evidence.digest },
    },
  };
}

function verifiedCause({ checks, box, setUp }: Verification): string {
  const odd = checks.filter(check => check.passed !== (check.expected === 'pass')).length;
  const what =
    odd === 0 ? `${checks.length} checks as expected` : `${odd} of ${checks.length} checks not as expected`;
  const below = setUp?.box === undefined ? '' : `, on a set-up of the ${setUp.on}${heldBy(setUp.box)}`;
  return `verified${heldBy(box)}: ${what}${below}`;
}
