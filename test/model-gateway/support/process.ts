/** The gateway as a process, as in production, started and killed by a test, in front of a scripted provider. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startModel, type ScriptedModel } from '../../../simulator/model/server.ts';
import { providerKey } from './gateway.ts';

const main = join(import.meta.dirname, '../../../src/workers/main.ts');
const hooks = join(import.meta.dirname, '../../support/typescript.mjs');

export interface Started {
  readonly child: ChildProcess;
  /** Standard error until the process is ready or has ended. */
  readonly said: string;
}

export interface GatewayProcesses {
  readonly dir: string;
  readonly model: ScriptedModel;
  readonly start: (env?: Readonly<Record<string, string>>) => Promise<Started>;
  readonly kill: (child: ChildProcess) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** The model answers immediately; if the prompt contains “wait”, it answers when its gate `g` opens. */
export async function stageGatewayProcesses(): Promise<GatewayProcesses> {
  const dir = await mkdtemp(join(tmpdir(), 'gw-'));
  // The gateway's own user must be able to access the files in it.
  await chmod(dir, 0o711);
  const model = await startModel({
    key: providerKey,
    script: ({ prompt }) => ({
      name: 's',
      turns: [{ kind: 'message', text: 'x', ...(prompt.includes('wait') ? { gate: 'g' } : {}) }],
    }),
  });
  await writeFile(join(dir, 'key'), `${providerKey}\n`, { mode: 0o600 });
  const processes: ChildProcess[] = [];
  return {
    dir,
    model,
    start: env => {
      const child = launch({
        SIGNALBOX_DATA_DIR: dir,
        SIGNALBOX_MODEL_GATEWAY_DIR: join(dir, 'gw'),
        SIGNALBOX_MODEL_BASE_URL: model.url,
        SIGNALBOX_MODEL_KEY_FILE: join(dir, 'key'),
        ...env,
      });
      processes.push(child);
      return settled(child);
    },
    kill,
    end: async () => {
      for (const child of processes.splice(0)) await kill(child);
      await model.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function launch(env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ['--import', hooks, main, 'model-gateway'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

function settled(child: ChildProcess): Promise<Started> {
  return new Promise(resolve => {
    let error = '';
    child.stderr?.on('data', (chunk: Buffer) => (error += chunk.toString()));
    child.once('message', () => resolve({ child, said: error }));
    child.once('close', () => resolve({ child, said: error }));
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
