/** The agent's own sandbox, where it is asked for: the pinned Codex has one, and it starts here. */
import { findCodex } from '../../agents/codex/binary.ts';
import { runInBox } from '../run.ts';
import { defaultLimits } from '../spec.ts';
import type { AgentSandboxTier, BoxProblem } from '../tier.ts';
import { sweepSandboxes } from './sweep.ts';

export async function detectAgentSandbox(privileged: boolean): Promise<AgentSandboxTier | BoxProblem> {
  // It gives the box no user of its own: root's files would be open to it.
  if (privileged)
    return {
      what: 'the agent’s own sandbox is no box for root',
      mend: 'start the runner as an ordinary user, or leave SIGNALBOX_BOX at bubblewrap',
    };
  const codex = findCodex();
  if (codex === undefined)
    return {
      what: 'the agent’s own sandbox is Codex’s, and there is no Codex for this machine',
      mend: 'npm install --include=optional @openai/codex, or leave SIGNALBOX_BOX at bubblewrap',
    };
  await sweepSandboxes();
  const tier: AgentSandboxTier = {
    ...{ name: 'agent-sandbox', privileged, codex, problems: [] },
    guards: [
      'namespaces',
      'no-network',
      'no-new-privileges',
      'resource-limits',
      'workspace-watch',
      'memory-watch',
    ],
    gaps: [{ name: 'overlays', why: 'the layer of a set-up is copied into each workspace' }],
  };
  return (await trialProblem(tier)) ?? tier;
}

/** Starts a box that does nothing. */
async function trialProblem(tier: AgentSandboxTier): Promise<BoxProblem | undefined> {
  const spec = {
    ...{ command: '/usr/bin/env', args: ['true'], env: { PATH: '/usr/bin:/bin' } },
    ...{ readOnlyMounts: [], stdin: '', limits: { ...defaultLimits, wallClockMs: 20_000 } },
  };
  const { ending, exitCode, stderrTail } = await runInBox(spec, { tier });
  if (ending === 'exited' && exitCode === 0) return undefined;
  const said = stderrTail.trim().split('\n').at(-1) ?? '';
  return {
    what: `the agent’s own sandbox cannot start: ${said === '' ? ending : said}`,
    mend: 'allow unprivileged user namespaces, which it needs as bubblewrap does: sysctl -w user.max_user_namespaces=15000',
  };
}
