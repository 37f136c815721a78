/** The engine of the stage: the one that answers; else, on request, a private one that is ended with the stage. */
import { findOnPath } from '../../../src/host/executable.ts';
import { dockerAnswer } from './docker.ts';
import { startPrivateEngine } from './private-engine.ts';
import { installPackages } from './packages.ts';
import { Unavailable } from './unavailable.ts';

export interface Engine {
  readonly end: () => Promise<void>;
}

/** Whether packages may be installed, and who is told. */
export interface Permission {
  readonly mayInstall: boolean;
  /** The stack is not started when its preparation took longer. */
  readonly prepareMinutesMax?: number;
  readonly say: (text: string) => void;
}

export async function findEngine({ mayInstall, say }: Permission): Promise<Engine> {
  if (await answers()) return { end: async () => undefined };
  if (!mayInstall)
    throw new Unavailable(
      'no container engine answers. Fix: start one, or add `-- --install` as root on Debian or Ubuntu',
    );
  if (process.getuid?.() !== 0)
    throw new Unavailable('no container engine answers, and only root can start one');
  if (!isInstalled('dockerd')) await installPackages(['docker.io'], say);
  // A package may have started a service.
  if (await answers()) return { end: async () => undefined };
  say('starting a private container engine');
  return await startPrivateEngine();
}

/** Installs what stand-ins are made with, where that is allowed. */
export async function needProgram(name: string, { mayInstall, say }: Permission): Promise<void> {
  if (isInstalled(name)) return;
  if (!mayInstall || process.getuid?.() !== 0)
    throw new Unavailable(`${name} is not on PATH. Fix: install it`);
  await installPackages([name], say);
}

function isInstalled(program: string): boolean {
  return findOnPath([program], process.env['PATH'] ?? '') !== undefined;
}

async function answers(): Promise<boolean> {
  if (!isInstalled('docker')) return false;
  return (await dockerAnswer('version', '--format', '{{.Server.Version}}')) !== undefined;
}
