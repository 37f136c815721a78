/** Pushes the verified commit: built once more from the same bytes, and only if it gets the same id. */
import { Context } from '@temporalio/activity';
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { kindOfFailure } from '../../git/git-error.ts';
import { pushCommit as gitPush } from '../../git/push.ts';
import { getRef } from '../../github/refs.ts';
import { withVerifiedChange } from '../change.ts';
import { again, permanent } from '../failures.ts';
import type { SchedulerPorts } from './ports.ts';
import { changeInput, changePorts } from './change-ports.ts';

/** A limit of git requests is a 403 too; one that lasts for so many attempts is the credential's. */
const FORBIDDEN_FROM_ATTEMPT = 3;

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
      throw permanent('GitHubForbidden', `the push was refused: ${result.detail}`);
    const { owner, repo } = context.issue;
    const found = await getRef(ports.github, { owner, repo, branch });
    if (found === commit) return { type: 'pushed', commit };
    if (found !== expected)
      throw permanent('BranchMoved', `${branch} stands on ${found ?? 'nothing'}, expected ${expected}`);
    const lasting = Context.current().info.attempt >= FORBIDDEN_FROM_ATTEMPT;
    if (lasting && kindOfFailure(result.detail) === 'auth') throw permanent('GitHubForbidden', result.detail);
    throw again(`Push:${result.kind}`, result.detail);
  };
}
