/** The agent that a person names, or the policy's; it is checked before anything is started. */
import { basename, dirname, resolve } from 'node:path';
import type { AgentAdapter } from '../../agents/adapter.ts';
import { findCodex } from '../../agents/codex/binary.ts';
import { commandAdapter } from '../../agents/command/adapter.ts';
import { type AgentCheck, checkCodex, checkCommand } from '../../agents/preflight.ts';
import { CliError, EXIT } from '../../client/cli/exit.ts';
import type { HandAsk } from '../../client/cli/run/by-hand.ts';
import { processSettings } from '../../config/environment.ts';
import type { Policy } from '../../domain/policy.ts';
import { adapterFor } from '../agents.ts';

const COMMAND = 'command:';
/** The folder of an executable that was named by its path is mounted here in the box. */
const MOUNT = '/opt/agent';

export async function agentFor(ask: HandAsk, policy: Policy): Promise<AgentAdapter> {
  const named = ask.agent ?? policy.agent.adapter;
  if (named.startsWith(COMMAND)) return executable(ask, named.slice(COMMAND.length));
  if (named !== 'codex' && named !== 'command')
    throw new CliError(EXIT.usage, {
      what: `--agent ${named} is not valid`,
      fix: 'use codex, command or command:<executable>',
    });
  if (named === 'codex') refuse(await checkCodex(findCodex()));
  return adapterFor({ ...policy, agent: { ...policy.agent, adapter: named } }, processSettings(ask.values));
}

/** Its folder is mounted into the box too, read-only: a script may need the files next to it. */
function executable({ workingDirectory }: HandAsk, named: string): AgentAdapter {
  if (named === '')
    throw new CliError(EXIT.usage, {
      what: '--agent command: has no executable',
      fix: 'use command:<executable>',
    });
  const path = resolve(workingDirectory, named);
  refuse(checkCommand(path));
  return commandAdapter({
    name: basename(path),
    command: `${MOUNT}/${basename(path)}`,
    args: [],
    readOnlyMounts: [{ from: dirname(path), to: MOUNT }],
    needsModel: false,
  });
}

function refuse(check: AgentCheck): void {
  if (!check.ok) throw new CliError(EXIT.no, { what: check.what, fix: check.fix });
}
