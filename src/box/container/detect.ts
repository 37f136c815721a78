/** The container box, where it is asked for: an engine that answers, an image that will do, and one of it started. */
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

/** The first that is whole; the problems of all if there is none. */
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
    return { what: `${name} was not found`, fix: 'install Docker or Podman, or unset SIGNALBOX_BOX' };
  const { ok, stdout, problem } = await callEngine(command, ['info', '--format', '{{json .}}']);
  const answers = ok && stdout.trim() !== '' && stdout.trim() !== 'null';
  if (!answers) return notAnswering(name, problem);
  const { version, rootless, bounds, seccomp } = engineFacts(name, stdout);
  if (!bounds)
    return {
      what: `${name} cannot bound memory and processes here`,
      fix: 'give it the memory and pids controllers of control groups (rootless: version 2, delegated)',
    };
  if (!seccomp)
    return { what: `${name} has no system-call filters`, fix: 'use an engine that was built with seccomp' };
  return { name, ...command, version, rootless };
}

function notAnswering(name: EngineName, problem: string): BoxProblem {
  return {
    what: `${name} does not answer: ${problem}`,
    fix: `start ${name}, and let this user use it (for Docker: the group docker, or DOCKER_HOST)`,
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
      fix: `${engine.name} pull ${reference}, or build it, and name it in SIGNALBOX_BOX_IMAGE`,
    };
  const [{ Id, Config }] = imagesSchema.parse(JSON.parse(stdout));
  if (Object.keys(Config?.Volumes ?? {}).length > 0)
    return {
      what: `the image ${reference} declares volumes, which the box cannot limit`,
      fix: 'use an image without VOLUME',
    };
  // Podman leaves the algorithm out.
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
    why: 'Docker covers no further file of /proc: the box can read how many keys each user of the host has',
  };
  return [
    {
      name: 'first-process',
      why: 'a container’s first process is an init of the box’s own user, which knows nothing of the host',
    },
    ...(name === 'docker' ? [ofDocker] : []),
    { name: 'overlays', why: 'the layer of a set-up is copied into each workspace' },
  ];
}

/** Starts a box that only says where its tools are, as absolute paths. */
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
  const result = await superviseBox({ spec, context, box: await startContainer(spec, tier) });
  const [node, shell] = lines;
  if (result.exitCode === 0 && node !== undefined && shell !== undefined) return { node, shell };
  const said = (result.problem ?? result.stderrTail).trim().split('\n').at(-1) ?? '';
  return {
    what: `the box cannot start from ${tier.image.reference}: ${said === '' ? result.ending : said}`,
    fix: result.ending === 'could-not-start' ? engineFix(said, tier) : IMAGE_FIX,
  };
}

const IMAGE_FIX = 'use an image that has /bin/sh, /usr/bin/env, git and Node 20.5 or newer';

function engineFix(said: string, { engine, image }: ContainerTier): string {
  const init = engine.name === 'docker' ? 'tini' : 'catatonit';
  if (/init/.test(said) && /not found|no such file/.test(said))
    return `install the first process that ${engine.name} gives to containers (${init})`;
  return `let this user start containers: ${engine.name} run --rm --init --network none ${image.reference} true`;
}
