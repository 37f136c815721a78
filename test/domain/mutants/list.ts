/** All mutants. */
import { BASE_MUTANTS } from './list/base.ts';
import { BOUND_MUTANTS } from './list/bounds.ts';
import { DECISION_MUTANTS } from './list/decisions.ts';
import { DERIVED_MUTANTS } from './list/derived.ts';
import { EVENT_MUTANTS } from './list/events.ts';
import { EVIDENCE_MUTANTS } from './list/evidence.ts';
import { EVOLVE_MUTANTS } from './list/evolve.ts';
import { FACT_MUTANTS } from './list/facts.ts';
import { GATE_MUTANTS } from './list/gates.ts';
import { GENERATION_MUTANTS } from './list/generations.ts';
import { HOLD_MUTANTS } from './list/holds.ts';
import { LIMIT_MUTANTS } from './list/limits.ts';
import { MOMENT_MUTANTS } from './list/moments.ts';
import { NEXT_STEP_MUTANTS } from './list/next-step.ts';
import { OBSERVED_MUTANTS } from './list/observed.ts';
import { OUTCOME_MUTANTS } from './list/outcomes.ts';
import { RECORD_MUTANTS } from './list/records.ts';
import { RELEASE_MUTANTS } from './list/release.ts';
import { REVIEW_MUTANTS } from './list/reviewed.ts';
import { READER_MUTANTS } from './list/readers.ts';
import { PUBLISH_MUTANTS } from './list/run-and-publish.ts';
import { SHOWN_MUTANTS } from './list/shown.ts';
import { TABLE_MUTANTS } from './list/tables.ts';
import { TEXT_MUTANTS } from './list/texts.ts';
import { WORD_MUTANTS } from './list/words.ts';
import type { Mutant } from './mutant.ts';

export const MUTANTS: readonly Mutant[] = [
  ...NEXT_STEP_MUTANTS,
  ...PUBLISH_MUTANTS,
  ...RELEASE_MUTANTS,
  ...LIMIT_MUTANTS,
  ...GATE_MUTANTS,
  ...BOUND_MUTANTS,
  ...BASE_MUTANTS,
  ...DECISION_MUTANTS,
  ...HOLD_MUTANTS,
  ...FACT_MUTANTS,
  ...TABLE_MUTANTS,
  ...EVOLVE_MUTANTS,
  ...EVENT_MUTANTS,
  ...OBSERVED_MUTANTS,
  ...RECORD_MUTANTS,
  ...TEXT_MUTANTS,
  ...EVIDENCE_MUTANTS,
  ...GENERATION_MUTANTS,
  ...MOMENT_MUTANTS,
  ...OUTCOME_MUTANTS,
  ...REVIEW_MUTANTS,
  ...READER_MUTANTS,
  ...DERIVED_MUTANTS,
  ...WORD_MUTANTS,
  ...SHOWN_MUTANTS,
];
