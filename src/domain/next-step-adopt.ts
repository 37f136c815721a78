/** Commits of others on our branch: a hold that says what a person can do, and the effect that reads adopted ones. */
import { actorName } from './actor.ts';
import { foreignChoices, foreignHead, foreignLines, ownHead } from './adoption.ts';
import { mayWrite } from './facts.ts';
import { approvalFor } from './gate.ts';
import { blockedHold, type HoldStep } from './hold.ts';
import type { IssueState } from './state.ts';
import type { Step } from './step.ts';

export function foreignHold(state: IssueState): HoldStep | undefined {
  const found = foreignHead(state);
  if (found === undefined) return undefined;
  const [first = '', ...more] = foreignLines(found.known, found.head);
  const { hold, kind } = blockedHold(state, {
    reason: `${first}${approvalLost(state)}`,
    fix: `${foreignChoices(found.known, found.head)}; or /cancel and continue by hand`,
  });
  return { kind, hold: { ...hold, why: [...hold.why, ...more] } };
}

/** A hold for another reason shows the commits too: adopting them can be the way on. */
export function withForeign(state: IssueState, step: HoldStep): HoldStep {
  const found = foreignHead(state);
  if (found === undefined) return step;
  const { hold } = step;
  const [first = ''] = foreignLines(found.known, found.head);
  return {
    ...step,
    hold: {
      ...hold,
      what: `${hold.what}; or ${foreignChoices(found.known, found.head)}`,
      why: [...hold.why, first],
    },
  };
}

/** Tells the approver that the approval does not cover the later push. */
function approvalLost(state: IssueState): string {
  const approval = approvalFor(state, 'merge');
  if (approval === undefined || state.pushed === undefined) return '';
  return `; the approval by ${actorName(approval.by)} covers only ${state.pushed.slice(0, 12)}`;
}

/** Reads the adopted head. Its files become the change of a run of its own, without an agent. */
export function adoptStep(state: IssueState): Step | undefined {
  const { adoption, claim, generation, runs } = state;
  const ours = ownHead(state);
  if (adoption === undefined || adoption.runId !== undefined || claim === undefined || ours === undefined)
    return undefined;
  if (!mayWrite(state)) return undefined;
  const attempt = (runs.at(-1)?.attempt ?? 0) + 1;
  return {
    kind: 'effect',
    effect: {
      kind: 'adopt-commits',
      runId: `g${generation}-a${attempt}`,
      attempt,
      branch: claim.branch,
      head: adoption.head,
      ours,
    },
  };
}
