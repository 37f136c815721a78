/** What decides something in src/domain and is no guard: it words what people read, reads text, or derives plainly. */

/** Whole files of words: what must not happen in them is that text of others comes alive, and that has its mutants. */
export const TEXT_FILES: readonly string[] = ['view.ts', 'projection.ts', 'pull-request-text.ts'];

export const NO_GUARDS: readonly string[] = [
  // Words for people and for the record.
  'actor.ts: actorName',
  'evidence.ts: owedAfterMerge',
  'evidence.ts: skippedByScheduler',
  'evolve/decisions.ts: gateText',
  'evolve/reviews.ts: countsForNothing',
  'evolve/reviews.ts: whyTakenBack',
  'evolve/run-facts.ts: accountKept',
  'evolve/run-facts.ts: heldBy',
  'evolve/run-facts.ts: verifiedCause',
  'hold.ts: escalationOwner',
  'hold.ts: holdName',
  'hold.ts: pausedHold',
  'hold.ts: whatToDo',
  'limits.ts: lastly',
  'next-step-pull-request.ts: approvalLost',
  'next-step-run.ts: askHold',
  // Readers of text: what they find is judged elsewhere, by mutants of contracts and of hidden text.
  'contract.ts: fenceAfter',
  'contract.ts: fieldOf',
  'contract.ts: hiddenTexts',
  'contract.ts: listItems',
  'decision.ts: approval',
  'decision.ts: reason',
  'decision.ts: withArguments',
  'hidden-text.ts: invisible',
  'hidden-text.ts: isCommentAfter',
  'hidden-text.ts: pieces',
  'hidden-text.ts: readersView',
  'hidden-text.ts: withoutHidden',
  'issue-ref.ts: parseIssueRef',
  'issue-ref.ts: parseRepositoryRef',
  'snapshot.ts: parsed',
  // Plain derivations: whatever they are taken from has its mutants.
  'decision-problem.ts: gateAsked',
  'decision.ts: judgementOf',
  'due.ts: dueEntries',
  'evolve/evolve.ts: dateDelivery',
  'evolve/evolve.ts: entryFor',
  'evolve/evolve.ts: nameOf',
  'evolve/evolve.ts: reduceOutcome',
  'evolve/observations.ts: onOpenOrClosed',
  'facts.ts: sequelOf',
  'next-step-publish.ts: planOf',
  'next-step-run.ts: runEffect',
  'next-step.ts: optedIn',
  // They spare a write: to tell once too often harms nobody.
  'upkeep.ts: isVerifying',
  'upkeep.ts: standsForAWhile',
];
