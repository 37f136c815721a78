/** The model gateway: the only process that holds the model key. It is built from a configuration and reads no environment. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayConfig } from './config.ts';
import { controlServer, type ControlParts } from './control.ts';
import { Ledger } from './ledger.ts';
import { fileLog, type RequestLog } from './log.ts';
import { RunSockets } from './runs.ts';
import { closeServer, listenOn } from './sockets.ts';
import type { ModelProblem } from './types.ts';
import { upstream } from './upstream.ts';

export interface ModelGateway {
  readonly controlSocketPath: string;
  readonly requestLogPath: string;
  /** Closes streams and sockets; registrations stay for the next start. */
  close(): Promise<void>;
}

/** Gets what the request log gets, and what was refused. */
export interface ModelObserver {
  readonly onRequest: RequestLog;
  readonly onRefusal: (problem: ModelProblem) => void;
}

const NOBODY: ModelObserver = { onRequest: () => undefined, onRefusal: () => undefined };

export async function startModelGateway(
  config: GatewayConfig,
  { onRequest, onRefusal }: ModelObserver = NOBODY,
): Promise<ModelGateway> {
  mkdirSync(config.dir, { recursive: true, mode: 0o711 });
  const requestLogPath = join(config.dir, 'requests.jsonl');
  const provider = upstream(config);
  // The control socket is the lock: read and write nothing before we own it. Calls are answered after the restore.
  const parts: { current?: ControlParts } = {};
  const control = controlServer(() => parts.current);
  await listenOn(control, config.controlSocketPath, config.controlSocketMode);
  const ledger = new Ledger(join(config.dir, 'state.json'), config.prices);
  const toFile = fileLog(requestLogPath);
  const log: RequestLog = record => {
    toFile(record);
    onRequest(record);
  };
  const sockets = new RunSockets({ config, ledger, log, onRefusal, upstream: provider });
  await sockets.restore();
  parts.current = { ledger, sockets };
  return {
    controlSocketPath: config.controlSocketPath,
    requestLogPath,
    close: async () => {
      await closeServer(control);
      await sockets.stop();
      provider.close();
    },
  };
}
