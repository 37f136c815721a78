/** The lanes of an issue, as used by its workflow, `simulate` and the tests. */
import { lanesOf } from './lanes.ts';
import { nextStep } from './next-step.ts';
import type { IssueState } from './state.ts';
import { type Effect, isSameEffect, type Upkeep } from './step.ts';
import { nextUpkeep } from './upkeep.ts';

export const issueLanes = lanesOf<IssueState, Effect, Upkeep>({ nextStep, nextUpkeep, isSameEffect });
