/** Milestones of a repository, and the one of an issue. */
import type { Issue, Milestone } from '../model.ts';
import { renderMilestone } from '../render/milestone.ts';
import { nowIn, type Act } from './act.ts';
import { addEvent, emitIssue } from './issues.ts';

/** Creates an unknown milestone. Without a title the issue leaves its milestone. */
export function setMilestone(act: Act, issue: Issue, title?: string): void {
  const before = issue.milestone;
  if (before?.title === title) return;
  if (before !== undefined) {
    delete issue.milestone;
    tell(act, issue, { milestone: before, action: 'demilestoned' });
  }
  if (title === undefined) return;
  issue.milestone = milestoneTitled(act, title);
  tell(act, issue, { milestone: issue.milestone, action: 'milestoned' });
}

interface Told {
  readonly milestone: Milestone;
  readonly action: 'milestoned' | 'demilestoned';
}

function tell(act: Act, issue: Issue, { milestone, action }: Told): void {
  addEvent(act, issue, { event: action, milestone: { title: milestone.title } });
  emitIssue(act, issue, { action, milestone: renderMilestone(act.world, act.repository, milestone) });
}

function milestoneTitled(act: Act, title: string): Milestone {
  const { milestones } = act.repository;
  const known = milestones.find(milestone => milestone.title === title);
  if (known !== undefined) return known;
  const milestone: Milestone = {
    id: act.world.nextId(),
    number: milestones.length + 1,
    title,
    creator: act.actor,
    createdAt: nowIn(act),
  };
  milestones.push(milestone);
  return milestone;
}
