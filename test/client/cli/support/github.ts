/** A simulated GitHub with the issues of the made-up world, and people with their tokens. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitHubSimulator, startGitHub } from '../../../../simulator/github/server.ts';
import { commandsIn } from '../../../../src/domain/command.ts';
import { POLICY_TEXT, type World } from '../../temporal/world.ts';

export const REPOSITORY = 'Acme/profile';
export const PEOPLE = ['acme', 'alice', 'rita'] as const;

export interface CliGitHub {
  readonly simulator: GitHubSimulator;
  readonly person: (login: string) => ReturnType<GitHubSimulator['admin']['as']>;
  /** The environment of a person at the command line. */
  readonly as: (login: string) => { readonly GITHUB_TOKEN: string; readonly GITHUB_API_URL: string };
  readonly end: () => Promise<void>;
}

/** Issues 1 to `issues`; alice maintains, rita reads. Tokens are `<login>-token`. */
export async function openCliGitHub(issues: number): Promise<CliGitHub> {
  const dir = await mkdtemp(join(tmpdir(), 'signalbox-cli-github-'));
  const users = PEOPLE.map(login => ({ login, token: `${login}-token` }));
  const simulator = await startGitHub({ dataDir: join(dir, 'github'), users });
  await simulator.admin.createRepository({
    ...{ owner: 'Acme', name: 'profile', labels: ['ai'] },
    roles: { alice: 'maintain', rita: 'read' },
    files: { 'README.md': '# Profile\n', '.github/signalbox.yml': POLICY_TEXT },
  });
  const person: CliGitHub['person'] = login => simulator.admin.as(login, REPOSITORY);
  for (let number = 1; number <= issues; number++)
    person('rita').openIssue({ title: `The greeting is stale ${number}`, body: 'It is.' });
  return {
    simulator,
    person,
    as: login => ({ GITHUB_TOKEN: `${login}-token`, GITHUB_API_URL: simulator.apiUrl }),
    end: async () => {
      await simulator.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Passes comments that are written here to the made-up world, as the scheduler would read them. */
export function readComments({ simulator }: CliGitHub, world: World): void {
  simulator.onExchange(({ method, path, status, responseBody }) => {
    const issue = /\/issues\/(\d+)\/comments$/.exec(path)?.[1];
    if (method !== 'POST' || status !== 201 || issue === undefined) return;
    const { id, body, user } = responseBody as { id: number; body: string; user: { login: string } };
    const [said] = commandsIn(body);
    if (said === undefined) return;
    const role = user.login === 'alice' ? 'maintain' : 'read';
    const commands = world.commands.get(Number(issue)) ?? [];
    world.commands.set(Number(issue), [
      ...commands,
      {
        ...{ commentId: id, edited: false, request: said.request },
        author: { login: user.login, type: 'User' },
        role: { kind: 'role', role },
      },
    ]);
  });
}
