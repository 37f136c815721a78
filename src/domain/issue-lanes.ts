/** The lanes of an issue, as used by its workflow, `simulate` and the tests. */
import { noticeDue } from './call-notice.ts';
import { lanesOf } from './lanes.ts';
import { nextStep } from './next-step.ts';
import type { IssueState } from './state.ts';
import { type Effect, isSameEffect, type Notice, type Upkeep } from './step.ts';
import { nextUpkeep, upkeepDueAt } from './upkeep.ts';

export const issueLanes = lanesOf<IssueState, Effect, Upkeep, Notice>({
  nextStep,
  nextUpkeep,
  nextNotice: noticeDue,
  upkeepDueAt,
  isSameEffect,
});
