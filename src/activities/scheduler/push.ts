/** Pushes the verified commit. It is rebuilt from the same bytes, and pushed only if the commit id is the same. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { GIVES_UP_AT_ATTEMPT } from '../../contracts/retries.ts';
import { pushCommit as gitPush } from '../../git/push.ts';
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
    if (result.kind === 'refused')
      throw new PermanentFailure('GitHubForbidden', `GitHub refused the push: ${result.detail}`);
    const { owner, repo } = context.issue;
    const found = await getRef(ports.github, { owner, repo, branch });
    if (found === commit) return { type: 'pushed', commit };
    if (found !== expected)
      throw new PermanentFailure(
        'BranchMoved',
        found === undefined
          ? `${branch} does not exist; expected it at ${expected}`
          : `${branch} is at ${found}, expected ${expected}`,
      );
    const isForbidden = result.failure === 'auth';
    throw new TransientFailure(
      `Push:${result.kind}`,
      result.detail,
      isForbidden ? { atAttempt: GIVES_UP_AT_ATTEMPT.pushForbidden, as: 'GitHubForbidden' } : undefined,
    );
  };
}
