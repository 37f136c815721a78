/** A simulated GitHub for one test: temporary data, Octokit clients of several people, all closed afterwards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import { startGitHub, type GitHubOptions, type GitHubSimulator } from '../../simulator/github/server.ts';

export interface GitHubStage {
  readonly github: GitHubSimulator;
  readonly dir: string;
  /** Octokit with this token, without retries, silent. */
  readonly as: (token: string) => Octokit;
  readonly end: () => Promise<void>;
}

export const repositoryName = 'acme/cards';
export const where = { owner: 'acme', repo: 'cards' } as const;

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** acme owns `cards`; bot writes, alice maintains, tina triages, rita reads. Tokens are `<login>-token`. */
export async function stageGitHub(options: Partial<GitHubOptions> = {}): Promise<GitHubStage> {
  const dir = await mkdtemp(join(tmpdir(), 'github-stage-'));
  const people = ['acme', 'alice', 'tina', 'rita'].map(login => ({ login, token: `${login}-token` }));
  const users = [...people, { login: 'line-bot', type: 'Bot' as const, token: 'bot-token' }];
  const github = await startGitHub({ dataDir: join(dir, 'github'), users, ...options });
  await github.admin.createRepository({
    ...{ owner: 'acme', name: 'cards', labels: ['ready'] },
    roles: { 'line-bot': 'write', alice: 'maintain', tina: 'triage', rita: 'read' },
    files: { 'README.md': '# Cards\n', 'src/card.js': 'export const card = 1;\n' },
  });
  const as = (token: string): Octokit =>
    new Octokit({ auth: token, baseUrl: github.apiUrl, log: silent, userAgent: 'signalbox-test' });
  const end = async (): Promise<void> => {
    await github.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { github, dir, as, end };
}
