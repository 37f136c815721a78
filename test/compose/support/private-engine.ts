/** A container engine with its own folder and socket, for a host on which none runs. */
import { openSync, closeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { execa } from 'execa';
import { makeOwnFolder } from '../../../src/host/own-folder.ts';
import { until } from '../../support/until.ts';
import { dockerAnswer } from './docker.ts';
import type { Engine } from './engine.ts';
import { keepNetworkRules } from './network-rules.ts';
import { orUnavailable } from './unavailable.ts';

const START_MS = 60_000;
const END_MS = 60_000;

/** Points `DOCKER_HOST` of this process at the new engine until it is ended. */
export async function startPrivateEngine(): Promise<Engine> {
  // Not below TMPDIR, which may be in memory; and the path of a socket must be short.
  const folder = makeOwnFolder('/var/tmp/signalbox-engine-');
  const rules = await orUnavailable('the network of this host cannot be read', keepNetworkRules);
  const daemon = startDaemon(folder.dir);
  const end = async (): Promise<void> => {
    await daemon.end();
    delete process.env['DOCKER_HOST'];
    await rules.restore();
    await unmountBelow(folder.dir);
    await folder.remove();
  };
  process.env['DOCKER_HOST'] = daemon.host;
  try {
    await orUnavailable('the container engine does not start', daemon.started);
    return { end };
  } catch (error) {
    await end();
    throw error;
  }
}

interface Daemon {
  readonly host: string;
  readonly started: () => Promise<void>;
  readonly end: () => Promise<void>;
}

function startDaemon(folder: string): Daemon {
  const host = `unix://${folder}/socket`;
  const places = ['data-root', 'exec-root', 'pidfile'].map(name => `--${name}=${path.join(folder, name)}`);
  const logFile = path.join(folder, 'log');
  const log = openSync(logFile, 'a');
  // A group of its own: Ctrl-C must not end it before its containers are removed.
  const child = spawn('dockerd', [`--host=${host}`, ...places], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = once(child, 'exit');
  exited.catch(() => undefined);
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    host,
    started: async () => {
      await until(
        'the engine answers',
        async () => {
          if (isOver()) throw new Error(await lastLine(logFile));
          return await dockerAnswer('info', '--format', '{{.ID}}');
        },
        START_MS,
      );
    },
    end: async () => {
      if (child.pid === undefined || isOver()) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

async function lastLine(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim().split('\n').at(-1) ?? '';
}

/** The engine leaves mounts of its networks and, when it is killed, of its containers. The innermost is the last. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .map(line => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter(place => place.startsWith(`${folder}/`)).reverse())
    await execa('umount', [mount], { reject: false });
}
