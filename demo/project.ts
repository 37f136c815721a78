/** The demo's project on the simulated GitHub: accounts, repository with history and policy, and the issue. */
import { readFile } from 'node:fs/promises';
import type { GitHubSimulator, GitHubUser } from '../simulator/github/server.ts';
import { projectHistory, projectIssue } from '../simulator/project/history.ts';
import type { Mode } from '../src/domain/mode.ts';
import type { IssueRef } from '../src/domain/issue-ref.ts';

const OWNER = 'acme';
export const REPOSITORY = 'profile-card';
/** owner/name of the demo's repository. */
export const PROJECT = `${OWNER}/${REPOSITORY}`;
/** The scheduler's account. */
export const BOT = 'signalbox-bot';
const READER = 'signalbox-runner';
export const OPT_IN_LABEL = 'ai';

/** Rosa maintains the project and owns its releases. */
export const PERSON = 'rosa';
export const CI = 'deployer';

export interface DemoTokens {
  /** Of the scheduler. */
  readonly bot: string;
  /** Reads source. */
  readonly source: string;
  readonly person: string;
}

export function demoUsers(tokens: DemoTokens): readonly GitHubUser[] {
  return [
    { login: BOT, token: tokens.bot },
    { login: READER, token: tokens.source },
    { login: PERSON, token: tokens.person },
    { login: CI },
  ];
}

export interface ProjectInput {
  /** Text of the policy file; default: the demo's. */
  readonly policy?: string | undefined;
  /** Default: `main`. */
  readonly defaultBranch?: string | undefined;
  /** What the issue says; default: guarded. */
  readonly mode?: Mode;
}

/** With its commits, and the policy on the default branch. Returns owner/name. */
export async function createProject(
  github: GitHubSimulator,
  name: string,
  { policy, defaultBranch = 'main' }: ProjectInput = {},
): Promise<string> {
  await github.admin.createRepository({
    owner: OWNER,
    name,
    defaultBranch,
    roles: { [BOT]: 'write', [READER]: 'read', [PERSON]: 'maintain', [CI]: 'write' },
    labels: [OPT_IN_LABEL, 'bug'],
    history: await projectHistory(),
    files: { '.github/signalbox.yml': policy ?? (await demoPolicy()) },
  });
  return `${OWNER}/${name}`;
}

/** Creates the project and its issue, which is not opted in yet. */
export async function openRepository(
  github: GitHubSimulator,
  name: string,
  input: ProjectInput = {},
): Promise<IssueRef> {
  const fullName = await createProject(github, name, input);
  const { title, body } = await projectIssue();
  const { mode = 'guarded' } = input;
  const issue = { title, body: body.replace(/^guarded$/m, mode) };
  const { number } = github.admin.as(PERSON, fullName).openIssue(issue);
  return { owner: OWNER, repo: name, number };
}

function demoPolicy(): Promise<string> {
  return readFile(new URL('./policy.yml', import.meta.url), 'utf8');
}
