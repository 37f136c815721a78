/** The world outside of `up`: a simulated GitHub with a real project, and a scripted model, each at a URL. */
import { join } from 'node:path';
import {
  startGitHub,
  type GitHubOptions,
  type GitHubSimulator,
} from '../../../../../simulator/github/server.ts';
import { greetingFix } from '../../../../../simulator/model/scripts.ts';
import { startModel, type ScriptedModel } from '../../../../../simulator/model/server.ts';
import { projectHistory, projectIssue } from '../../../../../simulator/project/history.ts';
import { temporaryFolder, type Folder } from '../../../../local/support.ts';

/** The tests search for each of these where it does not belong. */
export const SECRETS = {
  github: 'ghp_c4n4ryGitHubTokenOfTheScheduler00001',
  model: 'sk-c4n4ry-the-key-of-the-model-00000000002',
  webhook: 'c4n4ry-the-secret-of-the-webhook-000000003',
} as const;

export const PERSONS_TOKEN = 'ghp_thePersonsOwnTokenAtTheCommandLine01';
export const REPOSITORY = 'acme/profile-card';
export const ISSUE = `${REPOSITORY}#1`;

export interface Outside {
  readonly folder: Folder;
  readonly github: GitHubSimulator;
  readonly model: ScriptedModel;
  /** Settings that point here, with free ports. */
  readonly values: Readonly<Record<string, string>>;
  end(): Promise<void>;
}

export const POLICY = `version: 1
mode: guarded
change:
  allowedPaths: ['src/**', 'test/**']
verification:
  commands: [{ name: all tests, run: node --test }]
  testPaths: ['test/**/*.test.js']
  testCommand: node --test
merge: { by: scheduler }
release: { verify: merge, signOffFromRisk: never, owner: rosa }
`;

export interface OutsideInput {
  readonly github?: Partial<GitHubOptions>;
  /** The agent's last step waits until the model's gate `last-step` is opened. */
  readonly held?: boolean;
}

/** bot writes, rosa maintains, rita's token only reads; `acme/bare` has no policy. The issue is not opted in. */
export async function openOutside({ github: options, held = false }: OutsideInput = {}): Promise<Outside> {
  const folder = temporaryFolder();
  const github = await startGitHub({
    dataDir: folder.file('github'),
    users: [
      { login: 'signalbox-bot', token: SECRETS.github },
      { login: 'rosa', token: PERSONS_TOKEN },
      { login: 'rita', token: 'reads-only' },
    ],
    ...options,
  });
  const model = await startModel({
    script: greetingFix(held ? { gate: 'last-step' } : {}),
    key: SECRETS.model,
  });
  const roles = { 'signalbox-bot': 'write', rosa: 'maintain', rita: 'read' } as const;
  await github.admin.createRepository({
    ...{ owner: 'acme', name: 'profile-card', private: true, roles, labels: ['ai'] },
    history: await projectHistory(),
    files: { '.github/signalbox.yml': POLICY },
  });
  await github.admin.createRepository({
    owner: 'acme',
    name: 'bare',
    roles,
    files: { 'README.md': '# Bare\n' },
  });
  github.admin.as('rosa', REPOSITORY).openIssue(await projectIssue());
  const values = {
    GITHUB_API_URL: github.apiUrl,
    GITHUB_TOKEN: SECRETS.github,
    SIGNALBOX_MODEL_BASE_URL: model.url,
    SIGNALBOX_MODEL_KEY: SECRETS.model,
    SIGNALBOX_REPOSITORIES: REPOSITORY,
    SIGNALBOX_SCAN_SECONDS: '5',
    SIGNALBOX_TEMPORAL_PORT: '0',
    SIGNALBOX_TEMPORAL_UI_PORT: '0',
  };
  const end = async (): Promise<void> => {
    await Promise.all([github.close(), model.close()]);
    folder.remove();
  };
  return { folder, github, model, values, end };
}

export const workFolder = ({ folder }: Outside, name = 'work'): string => join(folder.path, name);
