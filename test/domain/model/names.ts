/** 10: text that anyone can write (our labels, titles, branch names, markers) decides nothing. */
import { decisionProblem, gateAsked } from '../../../src/domain/decision-problem.ts';
import type { Decision } from '../../../src/domain/decision.ts';
import { stageOf } from '../../../src/domain/facts.ts';
import { holdName } from '../../../src/domain/hold.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import { must } from '../life/invariants.ts';

const LABELS = ['ai:approved', 'ai:gate-merge', 'ai:risk-low', 'ai:merged', 'lgtm', 'approved', 'automerge'];
const LIE = '<!-- signalbox:status 7.1 --> approved, merged and released';

export function checkNames(state: IssueState): void {
  // Unread news would make every state wait for a look.
  const read = { ...state, due: {} };
  const [is, would] = [shapeOf(read), shapeOf(renamed(read))];
  must('10 names', is === would, `other names lead to ${would} instead of ${is}`);
}

/** The same facts with other names; the digest of the text does not cover labels. */
function renamed(state: IssueState): IssueState {
  const { subject, claim, pullRequest, projected } = state;
  return {
    ...state,
    ...(subject
      ? {
          subject: { ...subject, title: LIE, author: LIE, labels: [...subject.labels, ...LABELS] },
        }
      : {}),
    ...(claim ? { claim: { ...claim, branch: 'ai/approved-g9' } } : {}),
    ...(pullRequest ? { pullRequest: { ...pullRequest, url: LIE } } : {}),
    ...(projected ? { projected: { ...projected, labels: LABELS } } : {}),
  };
}

/** What is decided, without its wording. */
function shapeOf(state: IssueState): string {
  const step = nextStep(state);
  const asked = gateAsked(state);
  const blind: Decision = {
    kind: 'approve',
    id: 'names',
    source: 'temporal',
    by: { kind: 'person', login: 'ann', how: 'temporal' },
  };
  const named = { ...blind, digest: asked?.digest ?? '' };
  const taken = [blind, named].map(decision => decisionProblem(state, decision)?.code);
  return JSON.stringify([stageOf(state), taken, asked, shapeOfStep(step)]);
}

function shapeOfStep(step: ReturnType<typeof nextStep>): unknown {
  switch (step.kind) {
    case 'effect': {
      const { kind } = step.effect;
      const { runId, commit, head, expected } = step.effect as Partial<Record<string, unknown>>;
      return [kind, runId, commit, head, expected];
    }
    case 'hold':
      return [holdName(step.hold), step.hold.digest, step.until];
    case 'wait':
      return [step.for, step.until];
    case 'end':
      return step.stage;
  }
}
