/** The long-running processes by name, and a function that runs one of them; each loads only the modules that it needs. */
import { GatewayConfigError } from '../model-gateway/config.ts';
import type { Environment } from '../config/environment.ts';
import { SettingsError } from '../config/settings-error.ts';
import { TroubleError } from '../domain/trouble.ts';
import { exitWhenParentDies } from '../host/parent-watch.ts';
import { onStopSignals } from '../host/stop-signals.ts';

type ProcessMain = (environment: Environment, stop: AbortSignal) => Promise<number>;

export const PROCESSES = {
  scheduler: async (...given) => (await import('./scheduler.ts')).runScheduler(...given),
  runner: async (...given) => (await import('./runner.ts')).runRunner(...given),
  gateway: async (...given) => (await import('./gateway.ts')).runGateway(...given),
  'model-gateway': async (...given) => (await import('./model-gateway.ts')).runModelGateway(...given),
  'source-relay': async (...given) => (await import('./source-relay.ts')).runSourceRelay(...given),
  'egress-proxy': async (...given) => (await import('./egress-proxy.ts')).runEgressProxy(...given),
} as const satisfies Readonly<Record<string, ProcessMain>>;

export type ProcessName = keyof typeof PROCESSES;

export function isProcessName(name: string): name is ProcessName {
  return Object.hasOwn(PROCESSES, name);
}

/** Runs until a stop signal; resolves to the exit code: those of docs/cli.md. */
export async function runProcess(name: ProcessName, environment: () => Environment): Promise<number> {
  exitWhenParentDies();
  const stop = new AbortController();
  onStopSignals({ first: () => stop.abort(), again: () => process.exit(130) });
  try {
    return await PROCESSES[name](environment(), stop.signal);
  } catch (error) {
    if (error instanceof SettingsError || error instanceof GatewayConfigError)
      return reportError(error.message, 2);
    // Temporal's client is slow to load, and the model gateway does not need it.
    const { ClientProblem } = await import('../client/temporal/client-problem.ts');
    if (error instanceof ClientProblem) return reportError(error.message, 4);
    if (error instanceof TroubleError) {
      const { endingOf } = await import('../client/cli/exit.ts');
      return reportError(error.message, endingOf(error).code);
    }
    return reportError(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
  }
}

function reportError(message: string, code: number): number {
  process.stderr.write(`signalbox: ${message}\n`);
  return code;
}
