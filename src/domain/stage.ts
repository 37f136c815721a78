/** The stages of an issue's life, in the words people see everywhere. */

export const STAGES = ['triage', 'claimed', 'working', 'pr', 'merged', 'release-verified'] as const;
export const OTHER_ENDS = ['delivered', 'cancelled', 'left'] as const;

export type Stage = (typeof STAGES)[number] | (typeof OTHER_ENDS)[number];

export type EndStage = 'release-verified' | (typeof OTHER_ENDS)[number];

export function isEnd(stage: Stage): stage is EndStage {
  return stage === 'release-verified' || (OTHER_ENDS as readonly string[]).includes(stage);
}

/** What a stage says, and the facts it follows from. */
export const STAGE_MEANINGS: Readonly<Record<Stage, string>> = {
  triage: 'none of the facts below: contract, risk, mode and the start gate are judged',
  claimed: 'the claim branch is ours',
  working: 'there was a run; also rework after a review',
  pr: 'the pull request is there, and its pushed commit is the change that counts now',
  merged: 'the pull request was merged, by us or by a person',
  'release-verified': 'merged, and everything the release owes has been seen',
  delivered: 'a run of mode analysis or spike ended with its result',
  cancelled: 'a person cancelled it, or closed the issue before a merge',
  left: 'the issue was transferred or deleted',
};

export interface StageEdge {
  readonly from: Stage;
  readonly to: Stage;
  /** The kinds of events that bring it about; `/cancel` and its like also come as `observed`, in a comment. */
  readonly by: readonly string[];
  readonly says: string;
}

/** All changes of stage there are. */
export const STAGE_EDGES: readonly StageEdge[] = [
  { from: 'triage', to: 'claimed', by: ['claimed'], says: 'the claim branch was made' },
  { from: 'triage', to: 'working', by: ['step-started'], says: 'a run that may not write needs no claim' },
  { from: 'claimed', to: 'working', by: ['step-started'], says: 'the first run began' },
  {
    from: 'working',
    to: 'pr',
    by: ['pull-request-opened', 'pushed', 'observed'],
    says: 'the verified commit is in the pull request',
  },
  {
    from: 'working',
    to: 'delivered',
    by: ['run-ended', 'pushed'],
    says: 'a report or a spike is the result',
  },
  {
    from: 'working',
    to: 'merged',
    by: ['merged', 'observed'],
    says: 'merged while something newer came, or by a person during rework',
  },
  {
    from: 'pr',
    to: 'working',
    by: ['observed', 'policy-read', '/reject', '/retry'],
    says: 'what it was made for changed, a reviewer wants another change, or what was made is lost',
  },
  { from: 'pr', to: 'merged', by: ['merged', 'observed'], says: 'merged by us, or by a person' },
  {
    from: 'merged',
    to: 'release-verified',
    by: ['release-checked', 'observed', '/approve', '/verify-release'],
    says: 'the release owes nothing more',
  },
  ...(['triage', 'claimed', 'working', 'pr'] as const).flatMap((from): readonly StageEdge[] => [
    { from, to: 'cancelled', by: ['/cancel', 'observed'], says: 'cancelled, or the issue was closed' },
    { from, to: 'left', by: ['observed'], says: 'transferred or deleted' },
  ]),
  { from: 'cancelled', to: 'left', by: ['observed'], says: 'transferred or deleted' },
  {
    from: 'cancelled',
    to: 'merged',
    by: ['merged', 'observed'],
    says: 'the merge had been done before the word of the end came',
  },
  { from: 'left', to: 'merged', by: ['merged'], says: 'the merge had been done before' },
];
