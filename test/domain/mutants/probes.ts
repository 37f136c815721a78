/** All probes. */
import { BASE_PROBES } from './probes/base.ts';
import { BY_HAND_PROBES } from './probes/by-hand.ts';
import { CONTRACT_PROBES } from './probes/contracts.ts';
import { EDITION_PROBES } from './probes/editions.ts';
import { EVENT_PROBES } from './probes/events.ts';
import { GENERATION_PROBES } from './probes/generations.ts';
import { HIDDEN_PROBES } from './probes/hidden.ts';
import { LANE_PROBES } from './probes/lanes.ts';
import { MERGE_PROBES } from './probes/merge.ts';
import { PEOPLE_PROBES } from './probes/people.ts';
import { PROOF_PROBES } from './probes/proof.ts';
import { PORTION_PROBES } from './probes/portions.ts';
import { PUBLISH_PROBES } from './probes/publish.ts';
import { READER_PROBES } from './probes/readers.ts';
import { RECORD_PROBES } from './probes/records.ts';
import { RELEASE_PROBES } from './probes/release.ts';
import { REVIEW_PROBES } from './probes/reviews.ts';
import { RISK_WORD_PROBES } from './probes/risk-words.ts';
import { RUN_PROBES } from './probes/run.ts';
import { SHOWN_PROBES } from './probes/shown.ts';
import { STAGE_PROBES } from './probes/stages.ts';
import { START_PROBES } from './probes/start.ts';
import { TEXT_PROBES } from './probes/texts.ts';
import { TIME_PROBES } from './probes/times.ts';
import { WORD_PROBES } from './probes/words.ts';
import type { Probe } from './scene.ts';

export const PROBES: readonly Probe[] = [
  ...START_PROBES,
  ...LANE_PROBES,
  ...RUN_PROBES,
  ...PUBLISH_PROBES,
  ...MERGE_PROBES,
  ...BASE_PROBES,
  ...RELEASE_PROBES,
  ...PEOPLE_PROBES,
  ...RECORD_PROBES,
  ...TEXT_PROBES,
  ...RISK_WORD_PROBES,
  ...GENERATION_PROBES,
  ...PROOF_PROBES,
  ...EVENT_PROBES,
  ...EDITION_PROBES,
  ...REVIEW_PROBES,
  ...READER_PROBES,
  ...CONTRACT_PROBES,
  ...HIDDEN_PROBES,
  ...PORTION_PROBES,
  ...TIME_PROBES,
  ...WORD_PROBES,
  ...SHOWN_PROBES,
  ...STAGE_PROBES,
  ...BY_HAND_PROBES,
];
