/** The simulated GitHub as a service, with the demo's project. Its state is in memory, so each start is a new one. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startGitHub } from '../../simulator/github/server.ts';
import type { Environment } from '../../src/config/environment.ts';
import { removeTree } from '../../src/host/remove-tree.ts';
import { aborted } from '../../src/host/wait.ts';
import { createProject, demoUsers, REPOSITORY } from '../project.ts';
import { demoSettings, githubSchema } from './settings.ts';
import { demoSignals, tell } from './signals.ts';

export async function runGitHub(environment: Environment, stop: AbortSignal): Promise<void> {
  const settings = demoSettings(githubSchema, environment);
  const signals = await demoSignals('demo-github', settings);
  const dataDir = join(settings.DEMO_DATA_DIR, 'github');
  await removeTree(dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const tokens = {
    bot: settings.DEMO_BOT_TOKEN,
    source: settings.DEMO_READER_TOKEN,
    person: settings.DEMO_PERSON_TOKEN,
  };
  const github = await startGitHub({
    ...settings.DEMO_GITHUB_LISTEN,
    dataDir,
    publicUrl: settings.DEMO_GITHUB_URL,
    webhook: { url: settings.DEMO_WEBHOOK_URL, secret: settings.DEMO_WEBHOOK_SECRET },
    users: demoUsers(tokens),
  });
  tell(`simulated GitHub at ${github.apiUrl}, with ${await createProject(github, REPOSITORY)}`);
  signals.ready();
  await aborted(stop);
  await github.close();
  await signals.close();
}
