/**
 * Pushes the verified commit. It is rebuilt from the same bytes, and pushed only if the commit id is the same. What others
 * left on the branch meanwhile is a fact: its commits are read, and nothing is overwritten.
 */
import type { EffectContext, EffectInput, SchedulerActivities } from '../../contracts/activities.ts';
import { GIVES_UP_AT_ATTEMPT } from '../../contracts/retries.ts';
import type { RepositoryFacts } from '../../domain/state/reading.ts';
import { pushCommit as gitPush } from '../../git/push.ts';
import type { PushResult } from '../../git/push-result.ts';
import { readForeignHead } from '../../github/foreign-head.ts';
import { type GitHubRefusal, pushRefusal, refusalIn } from '../../github/refusals.ts';
import { getRef } from '../../github/refs.ts';
import { withVerifiedChange } from '../change.ts';
import { PermanentFailure, TransientFailure } from '../effect-failure.ts';
import type { SchedulerPorts } from './ports.ts';
import { changeInput, changePorts } from './change-ports.ts';

export function pushCommit(ports: SchedulerPorts): SchedulerActivities['pushCommit'] {
  return async ({ context, effect }) => {
    const { branch, commit, expected } = effect;
    const input = { ...(await changeInput(ports, context, effect)), commit };
    const change = changePorts(ports, context);
    const result = await withVerifiedChange(change, input, ({ mirror, built }) =>
      gitPush({
        mirror,
        quarantine: built.quarantine,
        remote: change.remote(input.repository),
        branch,
        commit,
        expectedOld: expected,
      }),
    );
    if (result.kind === 'pushed' || result.kind === 'already-there') return { type: 'pushed', commit };
    if (result.kind === 'refused') throw refused(pushRefusal(result.detail));
    return await foundAfter(ports, { context, effect, repository: input.repository, result });
  };
}

interface Unpushed {
  readonly context: EffectContext;
  readonly effect: EffectInput<'push-commit'>['effect'];
  readonly repository: RepositoryFacts;
  readonly result: PushResult;
}

/** The answer was unclear, so the branch is read. */
async function foundAfter(
  { github }: SchedulerPorts,
  { context, effect, repository, result }: Unpushed,
): ReturnType<SchedulerActivities['pushCommit']> {
  const { branch, commit, expected, ours = expected } = effect;
  const { owner, repo } = context.issue;
  const found = await getRef(github, { owner, repo, branch });
  if (found === commit) return { type: 'pushed', commit };
  if (found === undefined)
    throw new PermanentFailure('BranchMoved', `${branch} does not exist; expected it at ${expected}`);
  if (found === expected) throw unmoved(result);
  const into = repository.target?.branch ?? repository.defaultBranch;
  const moved = await readForeignHead(github, { owner, repo, into, head: found, ours });
  return { type: 'branch-moved', found: moved };
}

function unmoved({ kind, detail, failure }: PushResult): Error {
  const isForbidden = failure === 'auth';
  const known = isForbidden ? refusalIn(detail, 'branch') : undefined;
  if (known !== undefined) return refused(known);
  const givingUp = { atAttempt: GIVES_UP_AT_ATTEMPT.pushForbidden, as: 'GitHubForbidden' } as const;
  return new TransientFailure(`Push:${kind}`, detail, isForbidden ? { givingUp } : {});
}

function refused({ failure, why }: GitHubRefusal): PermanentFailure {
  return new PermanentFailure(failure, `GitHub refused the push: ${why}`);
}
