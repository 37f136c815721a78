/** What a merge would make of the head after those that are merged before it. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { fetchRef } from '../../git/mirror.ts';
import { historyOf } from '../../git/history.ts';
import { withAhead } from '../ahead.ts';
import { mirrorWith } from '../change.ts';
import { repositoryOf } from '../effect-context.ts';
import { loadPolicy } from '../stored.ts';
import { changePorts } from './change-ports.ts';
import type { SchedulerPorts } from './ports.ts';

/** The target branch is read by git: a change that waits does not read it from GitHub's API. */
export function buildAhead(ports: SchedulerPorts): SchedulerActivities['buildAhead'] {
  return async ({ context, effect: { target, before, head } }) => {
    const policy = await loadPolicy(ports.artifacts, context.policy);
    const repository = repositoryOf(context);
    const history = historyOf(policy.workspace);
    const git = changePorts(ports, context);
    const mirror = await mirrorWith(git, { repository, history, commit: head });
    const base = await fetchRef({
      ...{ mirror, history, signal: undefined },
      remote: git.remote(repository),
      ref: `refs/heads/${target}`,
    });
    if (base === undefined) return { type: 'ahead-built', before };
    return await withAhead(git, { repository, policy, base, before, head }, merged => {
      if (merged === undefined) return Promise.resolve({ type: 'ahead-built', before });
      const { baseTree, tree } = merged;
      return Promise.resolve({ type: 'ahead-built', before, built: { base, baseTree, tree } });
    });
  };
}
