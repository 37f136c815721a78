/** What an issue can wait for without a person. */

export type WaitFor = 'look' | 'effect' | 'checks' | 'turn' | 'merge' | 'deployment' | 'soak';

export const WAIT_MEANINGS: Readonly<Record<WaitFor, { readonly for: string; readonly until: string }>> = {
  look: { for: 'unread news', until: 'it is read' },
  effect: {
    for: 'a cancelled effect that may still have happened',
    until: 'the effect has ended',
  },
  checks: {
    for: 'required checks that CI has not finished, or required deployments of the head',
    until:
      'CI or a deployment reports, or the next poll after 1 to 30 minutes; after `checks.patience` a hold',
  },
  turn: {
    for: 'its turn to be merged, in the line of approved changes of its repository and target branch',
    until: 'the changes before it are merged or have left the line',
  },
  merge: {
    for: 'GitHub to merge what was handed over to its merge queue or to auto-merge',
    until: 'it is merged or given back, or the next poll after 1 to 30 minutes; after a day a hold',
  },
  deployment: {
    for: 'unmet release requirements',
    until: 'news of a deployment arrives, or the next poll after 1 to 30 minutes; finally a hold',
  },
  soak: { for: 'the time that a release must stay healthy', until: '`release.soak` has passed' },
};
