/** The container engine's command: finds it, calls it, and reads its facts. */
import { execFile } from 'node:child_process';

import { z } from 'zod';

import { findOnPath } from '../../host/executable.ts';

export const ENGINE_NAMES = ['docker', 'podman'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export interface ContainerEngine {
  readonly name: EngineName;
  /** Path of its command on this host. */
  readonly path: string;
  readonly version: string;
  /** Run by an ordinary user; its containers run as the same user. */
  readonly rootless: boolean;
  /** Environment of its command only. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface EngineFacts {
  readonly version: string;
  readonly rootless: boolean;
  /** Whether it can limit the memory and the processes of a container. */
  readonly bounds: boolean;
  readonly seccomp: boolean;
}

export interface EngineAnswer {
  readonly ok: boolean;
  readonly stdout: string;
  /** The last line of standard error, without the prefix “Error”. */
  readonly problem: string;
}

type EngineCommand = Pick<ContainerEngine, 'path' | 'environment'>;

const TIMEOUT_MS = 30_000;

export async function callEngine(
  { path: file, environment }: EngineCommand,
  args: readonly string[],
): Promise<EngineAnswer> {
  return new Promise(resolve => {
    const options = { env: { ...environment }, timeout: TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };
    execFile(file, [...args], options, (error, stdout, stderr) => {
      const lastLine = stderr.trim().split('\n').at(-1) ?? '';
      const problem =
        lastLine === '' ? (error?.message ?? '') : lastLine.replace(/^Error(?: response from daemon)?: /, '');
      resolve({ ok: error === null, stdout, problem });
    });
  });
}

/** Kills a running container first. By default, Podman would wait for it to end. */
export async function removeContainer(engine: ContainerEngine, name: string): Promise<EngineAnswer> {
  const atOnce = engine.name === 'podman' ? ['--time', '0'] : [];
  return callEngine(engine, ['rm', '--force', '--volumes', ...atOnce, name]);
}

/** Undefined if it is not installed. */
export function engineCommand(
  name: EngineName,
  environment: Readonly<Record<string, string>>,
): EngineCommand | undefined {
  const file = findOnPath([name], environment['PATH'] ?? '');
  return file === undefined ? undefined : { path: file, environment };
}

/** Throws if the output of `info` is not as expected. */
export function engineFacts(name: EngineName, info: string): EngineFacts {
  const json: unknown = JSON.parse(info);
  return name === 'docker' ? dockerFacts(json) : podmanFacts(json);
}

const dockerInfo = z.object({
  ServerVersion: z.string().min(1),
  MemoryLimit: z.boolean(),
  PidsLimit: z.boolean(),
  SecurityOptions: z.array(z.string()),
});

function dockerFacts(json: unknown): EngineFacts {
  const { ServerVersion, MemoryLimit, PidsLimit, SecurityOptions } = dockerInfo.parse(json);
  const has = (option: string): boolean =>
    SecurityOptions.some(one => one.split(',')[0] === `name=${option}`);
  return {
    version: ServerVersion,
    rootless: has('rootless'),
    bounds: MemoryLimit && PidsLimit,
    seccomp: has('seccomp'),
  };
}

const podmanInfo = z.object({
  host: z.object({
    cgroupVersion: z.string(),
    cgroupControllers: z.array(z.string()).nullish(),
    security: z.object({ rootless: z.boolean(), seccompEnabled: z.boolean() }),
  }),
  version: z.object({ Version: z.string().min(1) }),
});

/** Rootless Podman ignores limits that it cannot enforce, with only a warning. */
function podmanFacts(json: unknown): EngineFacts {
  const { host, version } = podmanInfo.parse(json);
  const { rootless, seccompEnabled } = host.security;
  const controllers = host.cgroupControllers ?? [];
  const usable = !rootless || host.cgroupVersion === 'v2';
  return {
    version: version.Version,
    rootless,
    bounds: usable && ['memory', 'pids'].every(one => controllers.includes(one)),
    seccomp: seccompEnabled,
  };
}
