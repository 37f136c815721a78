/** What people can do on GitHub outside the rules, and what follows. A person's act wins. The reducers in this folder implement it. */

export interface DriftRow {
  readonly found: string;
  readonly then: string;
}

export const DRIFT = {
  edited: {
    found: 'the issue was edited',
    then: 'approvals for the old text become void, and the gate says so; a run for it is cancelled; a new one follows',
  },
  relabelled: {
    found: 'a label from the policy’s risk lists was added or removed',
    then: 'the risk is judged again; approvals for the old risk become void',
  },
  optedOut: {
    found: 'the opt-in label was removed, or was added by someone without permission',
    then: 'hold `paused`; no new effect starts',
  },
  closed: {
    found: 'the issue was closed before a merge',
    then: '`cancelled`, unless the pull request is found merged',
  },
  reopened: {
    found: 'the issue was reopened between merge and verification',
    then: 'it is closed again when the release is verified',
  },
  reopenedAfterEnd: {
    found: 'the issue was reopened, or opted in again, after it ended',
    then: 'the next generation starts',
  },
  left: { found: 'the issue was transferred or deleted', then: '`left`; a return changes nothing' },
  unseen: {
    found: 'the issue is no longer visible',
    then: 'hold `blocked` until it is visible again',
  },
  pullRequestClosed: {
    found: 'the pull request was closed without a merge',
    then: 'hold `blocked`: reopen it, or `/cancel`; the scheduler never opens a second one',
  },
  pullRequestRetargeted: {
    found: 'the base branch of the pull request was changed',
    then: 'hold `blocked`: change it back, or `/cancel`',
  },
  targetAmbiguous: {
    found: 'labels or the milestone name different target branches',
    then: 'hold `blocked` until they name one',
  },
  targetChanged: {
    found: 'after the claim, a label, the milestone or the policy names another target branch',
    then: 'hold `blocked`: `/retry` begins again on the new branch, with the same pull request; changing it back continues on the old one',
  },
  targetMissing: {
    found: 'the target branch does not exist, or was deleted',
    then: 'hold `blocked`; the branch is looked for every 1 to 30 minutes, and the work continues when it is there',
  },
  pullRequestDrafted: {
    found: 'the pull request was converted to a draft by a person',
    then: 'hold `blocked`: mark it as ready for review, or `/cancel`',
  },
  foreignCommits: {
    found: 'the branch has commits by others: a push, a committed suggestion, “Update branch”',
    then: 'hold `blocked`, which names commits and authors: `/adopt HEAD` takes them into the change, `/retry HEAD` gives them up, or `/cancel`; an approval covers only the verified commit',
  },
  branchReplaced: {
    found: 'the branch was force-pushed and does not contain our commit any more',
    then: 'hold `blocked`: it cannot be adopted; `/retry HEAD` puts our commit back, or `/cancel`',
  },
  adoptedHeadMoved: {
    found: 'the branch moved after `/adopt` or `/retry HEAD`, before our push',
    then: 'what was said is void, nothing of the new head is overwritten, and the hold names it',
  },
  adoptedConflict: {
    found: 'the target branch moved, and its new commits touch files of a change with adopted commits',
    then: 'hold `blocked`: “Update branch” and `/adopt` again, or `/retry` for a new attempt without them',
  },
  baseMoved: {
    found: 'the target branch moved since the change was built (checked before an approved push or merge)',
    then: 'nothing is pushed: what a merge would make is verified. The approval is carried over if the patch is the same, the evidence has no new concern, and `approvals.carryOver` allows it for the risk; otherwise the gate asks again and says what changed. With `merge.upToDate: head` the change is built and verified again on the new base. Not with `false`',
  },
  baseChangedFiles: {
    found:
      'the target branch moved, and git cannot merge the change into it (with `merge.upToDate: head`: its new commits touch files of the change)',
    then: 'the run is set aside; the next attempt starts from the new base, and gets the files and the commits that touched them',
  },
  mergedByPerson: {
    found: 'the pull request was merged by a person, at the verified head',
    then: '`merged`; a squash or rebase makes another commit, whose tree must be the verified one',
  },
  mergedByBot: {
    found: 'the pull request was merged by a bot or a merge queue',
    then: '`merged`, by the person whose valid approval it carried out; without one no person is named, and the release gate asks',
  },
  mergedElsewhere: {
    found: 'another merge was faster: the merge made another tree than the verified one',
    then: '`merged`, and what arrived is verified; a new concern holds the issue as `blocked` for the release owner',
  },
  mergedUnverified: {
    found: 'the pull request was merged at another head',
    then: '`merged`, with hold `blocked`: the release owner verifies the release by hand',
  },
  changesRequested: {
    found: 'a review asks for changes',
    then: 'the run is set aside; the next attempt gets the review’s text',
  },
  approvalTakenBack: {
    found: 'an approving review was dismissed, or its author lost the required role',
    then: 'the approval no longer counts',
  },
  branchTaken: {
    found: 'the claim branch already exists at another commit',
    then: 'hold `blocked`: `BranchTaken`',
  },
  branchBlocked: {
    found: 'a branch such as `ai` exists, so that git can have no branch `ai/…`',
    then: 'hold `blocked`: `BranchBlocked`',
  },
  branchMoved: {
    found: 'the claim branch moved before a push',
    then: 'nothing is pushed; as with commits by others. A deleted branch: hold `blocked`, `BranchMoved`',
  },
  comment: {
    found: 'the status comment was deleted or duplicated',
    then: 'it is written again; duplicates by Signalbox are removed',
  },
} as const satisfies Readonly<Record<string, DriftRow>>;

export type DriftName = keyof typeof DRIFT;
