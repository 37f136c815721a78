/** The adapter that a policy names, set up for this host. */
import type { AgentAdapter } from '../agents/adapter.ts';
import { codexAdapter } from '../agents/codex/adapter.ts';
import { findCodex } from '../agents/codex/binary.ts';
import { commandAdapter } from '../agents/command/adapter.ts';
import { PermanentFailure } from '../activities/effect-failure.ts';
import { commandAgent, type ProcessSettings } from '../config/environment.ts';
import type { Policy } from '../domain/policy.ts';

export function adapterFor(policy: Policy, settings: ProcessSettings): AgentAdapter {
  if (policy.agent.adapter === 'command') {
    const agent = commandAgent(settings);
    if (agent === undefined)
      throw new PermanentFailure(
        'RunnerFailed',
        'the policy asks for the command agent. Fix: set SIGNALBOX_AGENT_COMMAND on the runner',
      );
    return commandAdapter(agent);
  }
  const binary = findCodex();
  if (binary === undefined)
    throw new PermanentFailure(
      'RunnerFailed',
      'no Codex binary on the runner. Fix: npm install @openai/codex',
    );
  return codexAdapter(binary);
}
