/** Mutants of what people are shown: labels, status comment, pull request, and what the CLI and the Web UI read. */
import { type Mutant, mutantsOf, type Row } from '../mutant.ts';

/** Guard, find, replace, and the directed life. */
function row(...[guard, find, replace, seen]: readonly [string, string, string, string]): Row {
  return [guard, find, replace, '21 shown', seen];
}

const GATE = 'what is shown at a gate';
const RUN = 'what is shown of runs';
const END = 'what is shown of a merge and an end';
const BODY = 'what a reviewer is shown';
const VIEW = 'what the view tells';

export const SHOWN_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('projection.ts', [
    row(
      'found by its hold',
      "hold: step.kind === 'hold' ? holdName(step.hold) : 'none',",
      "hold: 'none',",
      GATE,
    ),
    row('found by whom it waits for', 'return step.hold.who;', "return 'somebody';", GATE),
    row('a hold has its label', "step.kind === 'hold' ? [holdLabel(holdName(step.hold))] : []", '[]', GATE),
    row(
      'shown: a decision that was not taken',
      '...(state.refusedDecision === undefined\n',
      '...(true\n',
      GATE,
    ),
    row(
      'shown: what the author must add',
      "step.hold.gate !== 'start')",
      "step.hold.gate !== 'merge')",
      GATE,
    ),
    row(
      'shown: the report of an analysis',
      "stageOf(state) === 'delivered' ? state.runs",
      'false ? state.runs',
      RUN,
    ),
    row('shown: what is under way', "return [`Under way: ${step.effect.kind}.`, ''];", 'return [];', RUN),
    row('shown: the rung', "rung === 'fresh' ? ''", "true ? ''", GATE),
    row('shown: the evidence', 'evidence && `- evidence', 'undefined && `- evidence', GATE),
    row('shown: how a run ended', "end === undefined ? ' under way'", "true ? ' under way'", RUN),
    row('shown: concerns', 'return concerns.length === 0 ?', 'return true ?', GATE),
    row('shown: the merge', '    merge &&\n', '    undefined &&\n', END),
    row('shown: what the release owes', 'verifiedAt !== undefined) return [];', 'true) return [];', END),
    row('shown: lost runs', '...(lost === 0 ? []', '...(true ? []', RUN),
    row('shown: what is set aside', "return reserved === 0 ? ''", "return true ? ''", RUN),
  ]),
  ...mutantsOf('pull-request-text.ts', [
    row(
      'shown: the title of the issue',
      'return state.subject?.title ?? `Issue ${state.issue.number}`;',
      'return `Issue ${state.issue.number}`;',
      BODY,
    ),
    row('shown: why it is risky', 'risk.reasons.length > 0 ?', 'risk.reasons.length > 99 ?', BODY),
    row(
      'shown: the evidence (pull request)',
      '  if (evidence === undefined) return [];\n',
      '  if (evidence !== undefined) return [];\n',
      BODY,
    ),
    row('shown: what the agent ran', '...(own.ran === 0 ? []', '...(true ? []', BODY),
    row(
      'shown: a check not as expected',
      "check.passed === (check.expected === 'pass') ? 'as expected'",
      "true ? 'as expected'",
      BODY,
    ),
    row(
      'shown: that nothing was checked',
      '  if (checks.length === 0) return [',
      '  if (false) return [',
      BODY,
    ),
  ]),
  ...mutantsOf('view.ts', [
    row('viewed: the title', "title: state.subject?.title ?? '',", "title: '',", VIEW),
    row('viewed: the policy', 'policy: state.policy?.digest ?? null', 'policy: null', VIEW),
    row('viewed: the hold', "hold: step.kind === 'hold' ? step.hold : null,", 'hold: null,', VIEW),
    row('viewed: until when', "until: 'until' in step ?", 'until: false ?', VIEW),
    row('viewed: the evidence', 'evidence: evidence === undefined ?', 'evidence: true ?', VIEW),
    row('viewed: the run', 'return run === undefined ? null', 'return true ? null', VIEW),
    row('viewed: how the run ended', '  if (end === undefined)\n', '  if (end !== null)\n', VIEW),
    row('viewed: a decision that was not taken', 'refused === undefined ? null', 'true ? null', VIEW),
    row('viewed: the merge', 'merge: merge === undefined ? null', 'merge: true ? null', VIEW),
  ]),
];
