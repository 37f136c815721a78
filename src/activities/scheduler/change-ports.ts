/** The scheduler's ports and input for building a change: its mirrors, and a remote with the repository's credential. */
import type { EffectContext } from '../../contracts/activities.ts';
import type { BuildPlan } from '../../domain/step.ts';
import type { ChangeInput, ChangePorts } from '../change.ts';
import { repositoryOf } from '../effect-context.ts';
import type { SchedulerPorts } from './ports.ts';
import { loadPolicy } from '../stored.ts';

export function changePorts(ports: SchedulerPorts, { issue }: EffectContext): ChangePorts {
  const { owner, repo } = issue;
  return {
    artifacts: ports.artifacts,
    mirrorsDir: ports.mirrorsDir,
    remote: ({ cloneUrl: url }) => ({
      url,
      token: () => ports.github.token({ owner, repo }),
      access: ports.gitAccess(url),
    }),
  };
}

export async function changeInput(
  ports: SchedulerPorts,
  context: EffectContext,
  plan: BuildPlan,
): Promise<ChangeInput> {
  const repository = repositoryOf(context);
  return { repository, plan, policy: await loadPolicy(ports.artifacts, context.policy) };
}
