/** The model gateway as a process: only it holds the model key; started by root, it runs under its own user id. */
import { parseGatewayConfig } from '../model-gateway/config.ts';
import { claimDirectory } from '../model-gateway/own-user.ts';
import { startModelGateway } from '../model-gateway/server.ts';
import { type Environment, processSettings } from '../config/environment.ts';
import { networkSettings } from '../config/network.ts';
import { connections } from '../host/network/network.ts';
import { modelGatewayDir } from '../config/layout.ts';
import { modelGatewayClient } from '../model-gateway/client.ts';
import { serveUntil } from './listening.ts';
import { createLogger } from './log.ts';
import { modelObserver, watchControlSocket } from './model-signals.ts';
import { processSignals } from './signals.ts';

export async function runModelGateway(environment: Environment, stop: AbortSignal): Promise<number> {
  const settings = processSettings(environment);
  const logger = createLogger('model-gateway', settings);
  const signals = await processSignals('model-gateway', settings, logger);
  const dir = modelGatewayDir(settings);
  const { agentFor } = connections(networkSettings(settings.networkEnvironment));
  const config = {
    ...parseGatewayConfig({ ...environment, SIGNALBOX_MODEL_GATEWAY_DIR: dir }),
    agentFor,
  };
  claimDirectory(dir, config.ownUid);
  const gateway = await startModelGateway(config, modelObserver(signals.metrics));
  logger.info({ control: gateway.controlSocketPath, user: process.getuid?.() }, 'model gateway is listening');
  watchControlSocket(signals, modelGatewayClient(gateway.controlSocketPath, { patienceMs: 0 }));
  return await serveUntil(stop, signals, gateway);
}
