/** What people may do on GitHub past the rules, and what follows: a person's act wins. The reducers beside this do it. */

export interface DriftRow {
  readonly found: string;
  readonly then: string;
}

export const DRIFT = {
  edited: {
    found: 'the issue was edited',
    then: 'approvals for the old text are void, and say so; a run for it is cancelled; a new one follows',
  },
  relabelled: {
    found: 'a label of the policy’s risk lists came or went',
    then: 'the risk is judged anew; approvals for the old risk are void',
  },
  optedOut: {
    found: 'the opt-in label is gone, or was given by somebody who may not',
    then: 'hold `paused`; no new effect',
  },
  closed: {
    found: 'the issue was closed before a merge',
    then: '`cancelled`, unless the pull request turns out to be merged',
  },
  reopened: {
    found: 'the issue was reopened between merge and verification',
    then: 'it is closed once more, when the release is verified',
  },
  reopenedAfterEnd: {
    found: 'the issue was reopened, or opted in anew, after its end',
    then: 'the next generation begins',
  },
  left: { found: 'the issue was transferred or deleted', then: '`left`; coming back changes nothing' },
  unseen: {
    found: 'the issue cannot be seen any more',
    then: 'hold `blocked`, until it can be seen again',
  },
  pullRequestClosed: {
    found: 'the pull request was closed without a merge',
    then: 'hold `blocked`: reopen it, or `/cancel`; it is never opened a second time',
  },
  pullRequestRetargeted: {
    found: 'the pull request was pointed at another branch',
    then: 'hold `blocked`: point it back, or `/cancel`',
  },
  pullRequestDrafted: {
    found: 'the pull request was made a draft',
    then: 'hold `blocked`: mark it as ready, or `/cancel`',
  },
  foreignCommits: {
    found: 'the branch has commits of others, or was forced elsewhere',
    then: 'hold `blocked`: an approval is for the verified commit only',
  },
  baseMoved: {
    found:
      'the default branch moved on below a change, as it is read before a push and a merge that were approved',
    then: 'approvals are void, and say so; the change is built and verified anew on what is there now, and asked for again. Not with `merge.upToDate: false`',
  },
  baseChangedFiles: {
    found: 'the default branch moved on, and its new commits touch files of the change',
    then: 'the run is set aside; the next attempt starts from there',
  },
  mergedByPerson: {
    found: 'the pull request was merged by a person, at the verified head',
    then: '`merged`. A squash makes another commit of the verified head',
  },
  mergedUnverified: {
    found: 'the pull request was merged by a person, at another head',
    then: '`merged`, and hold `blocked`: the release owner verifies by hand',
  },
  changesRequested: {
    found: 'a review asks for changes',
    then: 'the run is set aside; the next attempt gets the review’s text',
  },
  approvalTakenBack: {
    found: 'an approving review was dismissed, or its author lost the role',
    then: 'the approval counts no longer',
  },
  branchTaken: {
    found: 'the claim branch exists on another commit',
    then: 'hold `blocked`: `BranchTaken`',
  },
  branchMoved: { found: 'the claim branch moved before a push', then: 'hold `blocked`: `BranchMoved`' },
  comment: {
    found: 'the status comment was deleted or doubled',
    then: 'written again once, extra ones of ours removed',
  },
} as const satisfies Readonly<Record<string, DriftRow>>;

export type DriftName = keyof typeof DRIFT;
