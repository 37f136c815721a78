/** The stages of an issue, with the names shown everywhere. */

export const STAGES = ['triage', 'claimed', 'working', 'pr', 'merged', 'release-verified'] as const;
export const OTHER_ENDS = ['delivered', 'cancelled', 'left'] as const;

export type Stage = (typeof STAGES)[number] | (typeof OTHER_ENDS)[number];

export type EndStage = 'release-verified' | (typeof OTHER_ENDS)[number];

export function isEnd(stage: Stage): stage is EndStage {
  return stage === 'release-verified' || (OTHER_ENDS as readonly string[]).includes(stage);
}

/** The meaning of each stage: the facts it follows from. */
export const STAGE_MEANINGS: Readonly<Record<Stage, string>> = {
  triage: 'none of the facts below; contract, risk, mode and the start gate are evaluated',
  claimed: 'Signalbox owns the claim branch',
  working: 'a run has started; also rework after a review',
  pr: 'the pull request exists, and its pushed commit is the current change',
  merged: 'the scheduler or a person merged the pull request',
  'release-verified': 'merged, and all release requirements are met',
  delivered: 'a run in mode analysis or spike ended with a result',
  cancelled: 'a person cancelled it, or closed the issue before a merge',
  left: 'the issue was transferred or deleted',
};

export interface StageEdge {
  readonly from: Stage;
  readonly to: Stage;
  /** The event types that cause it. Decisions such as `/cancel` also arrive as `observed`, in a comment. */
  readonly by: readonly string[];
  readonly says: string;
}

/** All possible changes of stage. */
export const STAGE_EDGES: readonly StageEdge[] = [
  { from: 'triage', to: 'claimed', by: ['claimed'], says: 'the claim branch was created' },
  { from: 'triage', to: 'working', by: ['step-started'], says: 'a run that cannot write needs no claim' },
  { from: 'claimed', to: 'working', by: ['step-started'], says: 'the first run started' },
  {
    from: 'working',
    to: 'pr',
    by: ['pull-request-opened', 'pushed', 'observed', 'change-built', 'change-refused'],
    says: 'the verified commit is in the pull request, also after adopted commits were refused or given up',
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
    says: 'merged while newer facts arrived, or by a person during rework',
  },
  {
    from: 'pr',
    to: 'working',
    by: ['observed', 'policy-read', '/reject', '/retry', 'commits-adopted', 'merge-conflict'],
    says: 'the inputs of the change changed, a reviewer requested changes, commits were adopted, or the change was lost',
  },
  { from: 'pr', to: 'merged', by: ['merged', 'observed'], says: 'merged by the scheduler, or by a person' },
  {
    from: 'merged',
    to: 'release-verified',
    by: ['release-checked', 'observed', '/approve', '/verify-release'],
    says: 'all release requirements are met',
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
    says: 'the merge happened before the news of the end arrived',
  },
  { from: 'left', to: 'merged', by: ['merged', 'observed'], says: 'the merge happened before' },
];
