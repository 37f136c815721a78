/** Detects the container box: finds an engine that answers and a suitable image, and starts a container of it. */
import { z } from 'zod';

import { seccompFilter } from '../seccomp/filter.ts';
import { shellProgram } from '../shell-program.ts';
import { defaultLimits } from '../spec.ts';
import { superviseBox } from '../supervise.ts';
import type { BoxGap, BoxGuard, BoxProblem, BoxUser } from '../tier.ts';
import {
  callEngine,
  type ContainerEngine,
  ENGINE_NAMES,
  engineCommand,
  engineFacts,
  type EngineName,
} from './engine.ts';
import { startContainer } from './start.ts';
import type { BoxImage, ContainerChoice, ContainerTier } from './tier.ts';

export async function detectContainer(
  choice: ContainerChoice,
  user: BoxUser,
): Promise<ContainerTier | BoxProblem> {
  const engine = await findEngine(choice);
  if ('what' in engine) return engine;
  const image = await findImage(engine, choice.image);
  if ('what' in image) return image;
  const guessed = { ...image, node: 'node', shell: '/bin/sh' };
  const tier = tierOf(engine, guessed, user);
  const tools = await toolsOf(tier);
  return 'what' in tools ? tools : { ...tier, image: { ...guessed, ...tools } };
}

/** The first usable engine, or the problems of all engines. */
async function findEngine({ engine, environment }: ContainerChoice): Promise<ContainerEngine | BoxProblem> {
  const problems: BoxProblem[] = [];
  for (const name of engine === undefined ? ENGINE_NAMES : [engine]) {
    const found = await tryEngine(name, environment);
    if (!('what' in found)) return found;
    problems.push(found);
  }
  return {
    what: problems.map(({ what }) => what).join(', '),
    fix: [...new Set(problems.map(({ fix }) => fix))].join('; '),
  };
}

async function tryEngine(
  name: EngineName,
  environment: Readonly<Record<string, string>>,
): Promise<ContainerEngine | BoxProblem> {
  const command = engineCommand(name, environment);
  if (command === undefined)
    return { what: `cannot find ${name}`, fix: 'install Docker or Podman, or unset SIGNALBOX_BOX' };
  const { ok, stdout, problem } = await callEngine(command, ['info', '--format', '{{json .}}']);
  const answers = ok && stdout.trim() !== '' && stdout.trim() !== 'null';
  if (!answers) return notAnswering(name, problem);
  const { version, rootless, bounds, seccomp } = engineFacts(name, stdout);
  if (!bounds)
    return {
      what: `${name} cannot limit memory and processes on this host`,
      fix: 'enable the control group controllers memory and pids for it (rootless: version 2, delegated)',
    };
  if (!seccomp)
    return { what: `${name} does not support seccomp filters`, fix: 'use an engine built with seccomp' };
  return { name, ...command, version, rootless };
}

function notAnswering(name: EngineName, problem: string): BoxProblem {
  return {
    what: `${name} does not answer: ${problem}`,
    fix: `start ${name}, and give this user access to it (for Docker: the group docker, or DOCKER_HOST)`,
  };
}

const imagesSchema = z.tuple([
  z.object({
    Id: z.string().min(1),
    Config: z.object({ Volumes: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  }),
]);

type FoundImage = Pick<BoxImage, 'reference' | 'id'>;

async function findImage(engine: ContainerEngine, reference: string): Promise<FoundImage | BoxProblem> {
  const { ok, stdout } = await callEngine(engine, ['image', 'inspect', reference]);
  if (!ok)
    return {
      what: `${engine.name} has no image ${reference}`,
      fix: `run ${engine.name} pull ${reference}, or build the image, or set SIGNALBOX_BOX_IMAGE to another one`,
    };
  const [{ Id, Config }] = imagesSchema.parse(JSON.parse(stdout));
  if (Object.keys(Config?.Volumes ?? {}).length > 0)
    return {
      what: `the image ${reference} declares volumes, which the box cannot limit`,
      fix: 'use an image without VOLUME',
    };
  // Podman omits the algorithm.
  return { reference, id: Id.includes(':') ? Id : `sha256:${Id}` };
}

function tierOf(engine: ContainerEngine, image: BoxImage, user: BoxUser): ContainerTier {
  const { privileged } = user;
  const guards: BoxGuard[] = [
    ...(['namespaces', 'no-network', 'no-new-namespaces', 'no-new-privileges', 'resource-limits'] as const),
    ...(seccompFilter(process.arch) === undefined ? [] : (['system-call-filter'] as const)),
    ...(privileged ? (['own-uid', 'workspace-tmpfs'] as const) : (['workspace-watch'] as const)),
    'control-group-memory-and-processes',
  ];
  return { name: 'container', ...user, guards, gaps: gapsOf(engine), problems: [], engine, image };
}

function gapsOf({ name }: ContainerEngine): readonly BoxGap[] {
  const ofDocker: BoxGap = {
    name: 'host-key-counts',
    why: 'Docker cannot mask additional files of /proc: the box can read how many keys each user of the host has',
  };
  return [
    {
      name: 'first-process',
      why: 'a container’s first process is an init that runs as the box’s user and contains no data of the host',
    },
    ...(name === 'docker' ? [ofDocker] : []),
    { name: 'overlays', why: 'the layer of a set-up is copied into each workspace' },
  ];
}

/** Starts a box that prints the absolute paths of its tools. */
async function toolsOf(tier: ContainerTier): Promise<Pick<BoxImage, 'node' | 'shell'> | BoxProblem> {
  const lines: string[] = [];
  const spec = {
    ...{
      command: '/bin/sh',
      args: ['-c', shellProgram(new URL('tools.sh', import.meta.url))],
      stdin: '',
      readOnlyMounts: [],
    },
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    limits: { ...defaultLimits, wallClockMs: 60_000 },
  };
  const context = { onStdoutLine: (line: string) => lines.push(line) };
  const result = await superviseBox({ spec, context, start: () => startContainer(spec, tier) });
  const [node, shell] = lines;
  if (result.exitCode === 0 && node !== undefined && shell !== undefined) return { node, shell };
  const reason = (result.problem ?? result.stderrTail).trim().split('\n').at(-1) ?? '';
  return {
    what: `the box cannot start from ${tier.image.reference}: ${reason === '' ? result.ending : reason}`,
    fix: result.ending === 'could-not-start' ? engineFix(reason, tier) : IMAGE_FIX,
  };
}

const IMAGE_FIX = 'use an image that has /bin/sh, /usr/bin/env, git and Node 20.5 or newer';

function engineFix(reason: string, { engine, image }: ContainerTier): string {
  const init = engine.name === 'docker' ? 'tini' : 'catatonit';
  if (/init/.test(reason) && /not found|no such file/.test(reason))
    return `install ${init}, the init that ${engine.name} adds to containers`;
  return `allow this user to start containers; to test: ${engine.name} run --rm --init --network none ${image.reference} true`;
}
