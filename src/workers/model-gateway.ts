/** The model gateway as a process: only it holds the model key; started by root, it runs under its own user id. */
import { parseGatewayConfig } from '../model-gateway/config.ts';
import { claimDirectory } from '../model-gateway/own-user.ts';
import { startModelGateway } from '../model-gateway/server.ts';
import { type Environment, processSettings } from '../config/environment.ts';
import { modelGatewayDir } from '../config/layout.ts';
import { announceReady } from '../host/parent-watch.ts';
import { createLogger } from './log.ts';

export async function runModelGateway(environment: Environment, stop: AbortSignal): Promise<number> {
  const settings = processSettings(environment);
  const logger = createLogger('model-gateway', settings);
  const dir = modelGatewayDir(settings);
  const config = parseGatewayConfig({ ...environment, SIGNALBOX_MODEL_GATEWAY_DIR: dir });
  claimDirectory(dir, config.ownUid);
  const gateway = await startModelGateway(config);
  logger.info({ control: gateway.controlSocketPath, user: process.getuid?.() }, 'model gateway is listening');
  announceReady();
  await new Promise<void>(resolve => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });
  await gateway.close();
  return 0;
}
