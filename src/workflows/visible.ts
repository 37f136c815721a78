/**
 * What Temporal shows of an issue even without a worker: search attributes, the memo, and the details in the Web UI.
 * Bundled for the workflow sandbox: imports contracts and domain only.
 */
import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { type SearchAttributeName, SEARCH_ATTRIBUTES, VIEW_MEMO } from '../contracts/names.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import { details, type SearchFacts, searchFacts } from '../domain/projection.ts';
import { nextStep } from '../domain/next-step.ts';
import type { IssueState } from '../domain/state.ts';
import { isLasting } from '../domain/upkeep.ts';
import { viewOf } from '../domain/view.ts';

/**
 * Publishes only what differs from the last write of this run and will not change again at once, because every write is
 * an event in the history. A new stage is always written: webhooks find their issues by it.
 */
export function createPublisher(): (state: IssueState) => void {
  let stage = '';
  let attributes = '';
  let memo = '';
  return state => {
    const facts = searchFacts(state);
    if (facts.stage === stage && !isLasting(state, nextStep(state))) return;
    stage = facts.stage;
    if (canonicalJson(facts) !== attributes) {
      attributes = canonicalJson(facts);
      upsertSearchAttributes(pairs(facts));
    }
    const view = viewOf(state);
    const json = canonicalJson(view);
    if (json === memo) return;
    memo = json;
    upsertMemo({ [VIEW_MEMO]: view });
    setCurrentDetails(details(state));
  };
}

function pairs(facts: SearchFacts): SearchAttributePair[] {
  const values: Readonly<Record<SearchAttributeName, string | number>> = {
    Repository: facts.repository,
    Stage: facts.stage,
    Hold: facts.hold,
    WaitingOn: facts.waitingOn,
    Risk: facts.risk,
    Mode: facts.mode,
    Generation: facts.generation,
    Attempt: facts.attempt,
  };
  return (Object.keys(SEARCH_ATTRIBUTES) as SearchAttributeName[]).map(name => {
    const value = values[name];
    return typeof value === 'number'
      ? { key: defineSearchAttributeKey(name, 'INT'), value }
      : { key: defineSearchAttributeKey(name, 'KEYWORD'), value };
  });
}
