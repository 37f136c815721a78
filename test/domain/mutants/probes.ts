/** All probes. */
import { ADOPTED_WORD_PROBES } from './probes/adopted-words.ts';
import { CALL_WORD_PROBES } from './probes/call-words.ts';
import { OWNER_PROBES } from './probes/owners.ts';
import { ADOPTED_FACT_PROBES } from './probes/adopted-facts.ts';
import { LATE_NEWS_PROBES } from './probes/late-news.ts';
import { NEWS_PROBES } from './probes/news.ts';
import { LOOK_PROBES } from './probes/looks-of-adoption.ts';
import { ARRIVAL_PROBES } from './probes/arrivals.ts';
import { BASE_PROBES } from './probes/base.ts';
import { CANDIDATE_PROBES, STRANGE_PROBES } from './probes/candidates.ts';
import { BY_HAND_PROBES } from './probes/by-hand.ts';
import { CALL_PROBES } from './probes/calls.ts';
import { CHECK_RULE_PROBES } from './probes/check-rules.ts';
import { DEPLOYMENT_PROBES } from './probes/deployments.ts';
import { DRAFT_PROBES } from './probes/drafts.ts';
import { CHECK_PROBES } from './probes/checks.ts';
import { CONTRACT_PROBES } from './probes/contracts.ts';
import { DELAY_PROBES } from './probes/delays.ts';
import { EDITION_PROBES } from './probes/editions.ts';
import { EVENT_PROBES } from './probes/events.ts';
import { GENERATION_PROBES } from './probes/generations.ts';
import { HAND_OVER_PROBES } from './probes/hand-over.ts';
import { HAND_OVER_RULE_PROBES } from './probes/hand-over-rules.ts';
import { HIDDEN_PROBES } from './probes/hidden.ts';
import { LANE_PROBES } from './probes/lanes.ts';
import { LINE_RULE_PROBES } from './probes/line-rules.ts';
import { AHEAD_PROBES, LINE_AHEAD_PROBES } from './probes/aheads.ts';
import { LINE_TURN_PROBES } from './probes/line-turns.ts';
import { MERGE_PROBES } from './probes/merge.ts';
import { PEOPLE_PROBES } from './probes/people.ts';
import { PROOF_PROBES } from './probes/proof.ts';
import { PORTION_PROBES } from './probes/portions.ts';
import { ADOPT_PROBES } from './probes/adopt.ts';
import { PULL_REQUEST_PROBES } from './probes/pull-request.ts';
import { PUBLISH_PROBES } from './probes/publish.ts';
import { READER_PROBES } from './probes/readers.ts';
import { RECORD_PROBES } from './probes/records.ts';
import { REFUSED_PROBES } from './probes/refused.ts';
import { RELEASE_PROBES } from './probes/release.ts';
import { REVIEW_PROBES } from './probes/reviews.ts';
import { RISK_WORD_PROBES } from './probes/risk-words.ts';
import { SAID_PROBES } from './probes/said.ts';
import { SAID_WORD_PROBES } from './probes/said-words.ts';
import { RUN_PROBES } from './probes/run.ts';
import { SHOWN_PROBES } from './probes/shown.ts';
import { STAGE_PROBES } from './probes/stages.ts';
import { START_PROBES } from './probes/start.ts';
import { TARGET_PROBES } from './probes/targets.ts';
import { TEXT_PROBES } from './probes/texts.ts';
import { THREAD_ANSWER_PROBES } from './probes/thread-answers.ts';
import { SUGGESTED_WORD_PROBES } from './probes/suggested-words.ts';
import { SUGGESTION_LEFT_PROBES } from './probes/suggestions-left.ts';
import { SUGGESTION_PROBES } from './probes/suggestions.ts';
import { THREAD_PROBES } from './probes/threads.ts';
import { TIME_PROBES } from './probes/times.ts';
import { WORD_PROBES } from './probes/words.ts';
import type { Probe } from './scene.ts';

export const PROBES: readonly Probe[] = [
  ...START_PROBES,
  ...LANE_PROBES,
  ...RUN_PROBES,
  ...PUBLISH_PROBES,
  ...ADOPT_PROBES,
  ...MERGE_PROBES,
  ...LINE_TURN_PROBES,
  ...AHEAD_PROBES,
  ...LINE_AHEAD_PROBES,
  ...LINE_RULE_PROBES,
  ...HAND_OVER_PROBES,
  ...HAND_OVER_RULE_PROBES,
  ...CHECK_PROBES,
  ...DEPLOYMENT_PROBES,
  ...DRAFT_PROBES,
  ...CHECK_RULE_PROBES,
  ...BASE_PROBES,
  ...CANDIDATE_PROBES,
  ...ARRIVAL_PROBES,
  ...STRANGE_PROBES,
  ...TARGET_PROBES,
  ...RELEASE_PROBES,
  ...PEOPLE_PROBES,
  ...REFUSED_PROBES,
  ...RECORD_PROBES,
  ...TEXT_PROBES,
  ...RISK_WORD_PROBES,
  ...GENERATION_PROBES,
  ...PROOF_PROBES,
  ...EVENT_PROBES,
  ...DELAY_PROBES,
  ...EDITION_PROBES,
  ...REVIEW_PROBES,
  ...THREAD_PROBES,
  ...THREAD_ANSWER_PROBES,
  ...SUGGESTION_PROBES,
  ...SUGGESTION_LEFT_PROBES,
  ...SUGGESTED_WORD_PROBES,
  ...READER_PROBES,
  ...CONTRACT_PROBES,
  ...HIDDEN_PROBES,
  ...PORTION_PROBES,
  ...TIME_PROBES,
  ...WORD_PROBES,
  ...SAID_PROBES,
  ...SAID_WORD_PROBES,
  ...SHOWN_PROBES,
  ...STAGE_PROBES,
  ...BY_HAND_PROBES,
  ...CALL_PROBES,
  ...ADOPTED_WORD_PROBES,
  ...CALL_WORD_PROBES,
  ...OWNER_PROBES,
  ...ADOPTED_FACT_PROBES,
  ...LATE_NEWS_PROBES,
  ...NEWS_PROBES,
  ...LOOK_PROBES,
  ...PULL_REQUEST_PROBES,
];
