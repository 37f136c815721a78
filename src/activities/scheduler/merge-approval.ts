/** Whether the approval of a merge still counts, in the moment in which the merge is asked for. */
import type { EffectContext } from '../../contracts/activities.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type { Role } from '../../domain/policy.ts';
import { roleIsAtLeast } from '../../domain/role.ts';
import type { Approval } from '../../domain/state/people.ts';
import { listReviews } from '../../github/reviews.ts';
import { roleOf } from '../../github/roles.ts';
import { PermanentFailure } from '../effect-failure.ts';
import { loadPolicy } from '../stored.ts';
import type { SchedulerPorts } from './ports.ts';

/** Throws `ApproverLostRole` or `ReviewDismissed`. */
export async function requireApproval(
  ports: SchedulerPorts,
  { issue, policy: digest }: EffectContext,
  { number, approval }: Pick<ReviewCheck, 'number' | 'approval'>,
): Promise<void> {
  const policy = await loadPolicy(ports.artifacts, digest);
  await requireRole(ports, { issue, approval, roleMin: policy.decisions.roleMin });
  await requireReview(ports, { issue, number, approval });
}

interface RoleCheck {
  readonly issue: IssueRef;
  readonly approval: Approval;
  readonly roleMin: Role;
}

/** Checked again right before the merge: the role may have been removed since the approval. */
async function requireRole(
  { github }: SchedulerPorts,
  { issue, approval, roleMin }: RoleCheck,
): Promise<void> {
  const { by } = approval;
  if (by.kind !== 'person')
    throw new PermanentFailure('ApproverLostRole', 'the approval was not given by a person');
  if (by.how === 'temporal') return;
  const found = await roleOf(github, { owner: issue.owner, repo: issue.repo, login: by.login });
  if (found.kind === 'unreadable')
    throw new PermanentFailure('ApproverLostRole', `cannot read the role of ${by.login}: ${found.why}`);
  if (!roleIsAtLeast(found.role, roleMin))
    throw new PermanentFailure(
      'ApproverLostRole',
      `${by.login} now has the role ${found.role}; ${roleMin} is needed`,
    );
}

interface ReviewCheck {
  readonly issue: IssueRef;
  readonly number: number;
  readonly approval: Approval;
}

/** The review may have been dismissed since it was read. */
async function requireReview(
  { github }: SchedulerPorts,
  { issue, number, approval }: ReviewCheck,
): Promise<void> {
  const { review: id } = approval;
  if (id === undefined) return;
  const { owner, repo } = issue;
  const reviews = await listReviews(github, { owner, repo, number, after: id });
  const state = reviews.find(review => review.id === id)?.state;
  if (state !== 'APPROVED')
    throw new PermanentFailure(
      'ReviewDismissed',
      `the approving review is now ${state?.toLowerCase() ?? 'gone'}`,
    );
}
