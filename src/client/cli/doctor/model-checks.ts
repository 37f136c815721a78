/** Checks the access to the model: whether its key is set here, and whether a model gateway answers. */
import { connect } from 'node:net';
import { processSettings, type ProcessSettings } from '../../../config/environment.ts';
import { SettingsError } from '../../../config/settings-error.ts';
import { modelGatewayControl } from '../../../config/layout.ts';
import type { Cli } from '../cli.ts';
import type { RepositoryCheck } from '../repository-checks.ts';

/** Neither is required: only the model gateway needs the key, it may run as another user, and `up` starts one. */
export async function modelChecks(cli: Cli): Promise<readonly RepositoryCheck[]> {
  const { own, values } = cli.settings();
  const gateway = await gatewayOf(processSettings(values));
  const { isRunning } = gateway;
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
      found: gateway.found,
      fix: gateway.fix,
    },
  ];
}

interface Gateway {
  readonly isRunning: boolean;
  readonly found: string;
  readonly fix: string;
}

/** Where its sockets are can be unknown: `up` makes a new folder for them, others may need a setting. */
async function gatewayOf(settings: ProcessSettings): Promise<Gateway> {
  const fix = 'start one with `signalbox up` or `signalbox model-gateway`';
  try {
    const socket = modelGatewayControl(settings);
    const isRunning = await answers(socket);
    return {
      isRunning,
      fix,
      found: isRunning ? `answers at ${socket}` : `not running: no answer at ${socket}`,
    };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const { what, fix: mend = fix } = error.trouble;
    return { isRunning: false, found: `not running: ${what}`, fix: mend };
  }
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
