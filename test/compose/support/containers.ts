/** The containers of the stack, and what runs in them. */
import { execa } from 'execa';
import { docker } from './docker.ts';
import { PROJECT_LABEL, projectName } from './stack.ts';

const SERVICE_LABEL = 'com.docker.compose.service';

export interface Container {
  readonly id: string;
  readonly service: string;
}

/** Also those that have ended, unless only `running` ones are asked for. */
export async function containers(which: 'all' | 'running' = 'all'): Promise<readonly Container[]> {
  const format = `{{.ID}} {{.Label "${SERVICE_LABEL}"}}`;
  const ofProject = ['--filter', `label=${PROJECT_LABEL}=${projectName()}`];
  const listed = await docker([
    'ps',
    '--no-trunc',
    ...(which === 'all' ? ['--all'] : []),
    ...ofProject,
    '--format',
    format,
  ]);
  return listed
    .split('\n')
    .filter(line => line !== '')
    .map(line => line.split(' '))
    .map(([id = '', service = '']) => ({ id, service }));
}

export async function containerOf(service: string): Promise<string> {
  const found = (await containers('running')).find(one => one.service === service);
  if (found === undefined) throw new Error(`no container of ${service} runs`);
  return found.id;
}

export interface Inspected {
  readonly State: {
    readonly Pid: number;
    readonly StartedAt: string;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly Image: string };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string; readonly Gateway: string }>>;
  };
}

export async function inspect(id: string): Promise<Inspected> {
  const [found] = JSON.parse(await docker(['inspect', id])) as readonly Inspected[];
  if (found === undefined) throw new Error(`there is no container ${id}`);
  return found;
}

/** A program for Node in the container of a service, as the service's own user. Resolves to its output. */
export async function nodeIn(
  service: string,
  program: string,
  args: readonly string[] = [],
): Promise<string> {
  const id = await containerOf(service);
  return await docker(['exec', '--interactive', id, 'node', '--input-type=module', '-', ...args], {
    input: program,
  });
}

/**
 * Ends the first process of a container as a crash does: the engine was not asked, so its restart policy applies. Other
 * users than root ask the engine, and start it again. Resolves to the start that ended so.
 */
export async function crash(service: string): Promise<string> {
  const id = await containerOf(service);
  const { Pid, StartedAt } = (await inspect(id)).State;
  if (process.getuid?.() === 0) process.kill(Pid, 'SIGKILL');
  else {
    await docker(['kill', '--signal', 'KILL', id]);
    await execa('docker', ['start', id]);
  }
  return StartedAt;
}
