/** The commands that need more than the client. */
import type { CommandLoaders } from '../src/client/cli/command.ts';
import { type Leave, workerCommands } from '../src/workers/commands.ts';

export function programCommands(leave: Leave): CommandLoaders {
  return {
    demo: async () => (await import('../demo/command.ts')).demoCommand,
    up: async () => (await import('../src/client/cli/commands/up.ts')).upCommand(await hostChecks()),
    doctor: async () =>
      (await import('../src/client/cli/commands/doctor.ts')).doctorCommand(await hostChecks()),
    ...workerCommands(leave),
  };
}

async function hostChecks() {
  return (await import('../src/workers/host-checks.ts')).hostChecks;
}
