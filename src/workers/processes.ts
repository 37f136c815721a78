/** The long-running processes by name, and how one of them is run to its end; each loads only what it needs itself. */
import { GatewayConfigError } from '../model-gateway/config.ts';
import { type Environment, SettingsError } from '../config/environment.ts';
import { exitWhenParentDies } from '../host/parent-watch.ts';
import { onStopSignals } from '../host/stop-signals.ts';

type ProcessMain = (environment: Environment, stop: AbortSignal) => Promise<number>;

export const PROCESSES = {
  scheduler: async (...given) => (await import('./scheduler.ts')).runScheduler(...given),
  runner: async (...given) => (await import('./runner.ts')).runRunner(...given),
  gateway: async (...given) => (await import('./gateway.ts')).runGateway(...given),
  'model-gateway': async (...given) => (await import('./model-gateway.ts')).runModelGateway(...given),
} as const satisfies Readonly<Record<string, ProcessMain>>;

export type ProcessName = keyof typeof PROCESSES;

export function isProcessName(name: string): name is ProcessName {
  return Object.hasOwn(PROCESSES, name);
}

/** Runs until it is told to stop; answers the exit code: 2 for settings that cannot be used, 4 for no Temporal. */
export async function runProcess(name: ProcessName, environment: Environment): Promise<number> {
  exitWhenParentDies();
  const stop = new AbortController();
  onStopSignals({ first: () => stop.abort(), again: () => process.exit(130) });
  try {
    return await PROCESSES[name](environment, stop.signal);
  } catch (error) {
    if (error instanceof SettingsError || error instanceof GatewayConfigError)
      return complain(error.message, 2);
    // Temporal's client takes a while to load, and the model gateway needs none.
    const { ClientProblem } = await import('../client/temporal/client-problem.ts');
    if (error instanceof ClientProblem) return complain(error.message, 4);
    return complain(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
  }
}

function complain(message: string, code: number): number {
  process.stderr.write(`signalbox: ${message}\n`);
  return code;
}
