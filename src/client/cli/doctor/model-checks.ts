/** Checks the access to the model: whether its key is set here, and whether a model gateway answers. */
import { connect } from 'node:net';
import { processSettings } from '../../../config/environment.ts';
import { modelGatewayControl } from '../../../config/layout.ts';
import type { Cli } from '../cli.ts';
import type { RepositoryCheck } from '../repository-checks.ts';

/** Neither is required: only the model gateway needs the key, it may run as another user, and `up` starts one. */
export async function modelChecks(cli: Cli): Promise<readonly RepositoryCheck[]> {
  const { own, values } = cli.settings();
  const socket = modelGatewayControl(processSettings(values));
  const isRunning = await answers(socket);
  const isKeySet = own['SIGNALBOX_MODEL_KEY'] !== undefined || own['SIGNALBOX_MODEL_KEY_FILE'] !== undefined;
  return [
    {
      name: 'model key',
      ok: isKeySet || isRunning,
      required: false,
      found: isKeySet ? 'set' : isRunning ? 'not set here; the model gateway has one' : 'not set',
      fix: 'set SIGNALBOX_MODEL_KEY or SIGNALBOX_MODEL_KEY_FILE where `up` or the model gateway runs',
    },
    {
      name: 'model gateway process',
      ok: isRunning,
      required: false,
      found: isRunning ? `answers at ${socket}` : `not running: no answer at ${socket}`,
      fix: 'start one with `signalbox up` or `signalbox model-gateway`',
    },
  ];
}

const CONNECT_TIMEOUT_MS = 1_000;

async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    return await new Promise<boolean>(resolve => {
      socket.setTimeout(CONNECT_TIMEOUT_MS, () => resolve(false));
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}
