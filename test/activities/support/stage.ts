/** The scheduler's activities on a simulated GitHub with real git, a real artifact store and a real mirror. */
import { join } from 'node:path';
import pino from 'pino';
import { scanActivities } from '../../../src/activities/scan.ts';
import type { IssueLives } from '../../../src/contracts/issue-lives.ts';
import { schedulerActivities } from '../../../src/activities/scheduler.ts';
import type { SchedulerPorts } from '../../../src/activities/scheduler/ports.ts';
import { createLocalDirectoryStore } from '../../../src/artifacts/local-directory.ts';
import type { ArtifactStore } from '../../../src/artifacts/port.ts';
import type {
  EffectContext,
  ScanActivities,
  SchedulerActivities,
} from '../../../src/contracts/activities.ts';
import type { CommitMaker } from '../../../src/config/commit-settings.ts';
import { COMMIT_IDENTITY } from '../../../src/domain/commit-identity.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { RepositoryFacts } from '../../../src/domain/state/reading.ts';
import { createGitHub, type GitHub } from '../../../src/github/client.ts';
import type { Credential } from '../../../src/github/credential.ts';
import type { Notify } from '../../../src/notify/webhook.ts';
import type { GitHubOptions } from '../../../simulator/github/server.ts';
import { repositoryName, stageGitHub, where, type GitHubStage } from '../../support/github.ts';
import { factOf } from './perform.ts';

type Simulator = GitHubStage['github'];

export interface SchedulerStage {
  readonly simulator: Simulator;
  readonly dir: string;
  readonly artifacts: ArtifactStore;
  readonly mirrorsDir: string;
  readonly activities: SchedulerActivities;
  /** The same activities with another token of our account, for example one with fewer permissions. */
  readonly withToken: (token: string) => SchedulerActivities;
  /** The same activities with another credential, such as that of an App. */
  readonly withCredential: (credential: Credential) => SchedulerActivities;
  /** The same activities with a webhook for notices. */
  readonly withNotify: (notify: Notify) => SchedulerActivities;
  /** By default Temporal answers that every issue runs; `lives` replaces that. */
  readonly scan: (lives?: Partial<IssueLives>) => ScanActivities;
  /** As the activity `readPolicy` returned it when the stage was opened. */
  readonly policy: Policy;
  readonly repository: RepositoryFacts;
  readonly context: (issue: number) => EffectContext;
  readonly person: (login: string) => ReturnType<Simulator['admin']['as']>;
  readonly end: () => Promise<void>;
}

/** The policy on the default branch of `acme/cards`, added to the files of the GitHub stage. */
export const policyText = `version: 1
decisions: { role: write, sources: [github, temporal] }
change: { allowedPaths: ['src/**', 'test/**'] }
verification:
  commands: [{ name: all tests, run: node --test }]
  testPaths: ['test/**']
  testCommand: node --test
merge: { by: scheduler }
release: { verify: deployment, environment: production }
`;

export const ownLogin = 'line-bot';

export async function stageScheduler(
  options: Partial<GitHubOptions> & { readonly policy?: string; readonly commitMaker?: CommitMaker } = {},
): Promise<SchedulerStage> {
  const { policy: text = policyText, commitMaker = { identity: COMMIT_IDENTITY }, ...github } = options;
  const stage = await stageGitHub(github);
  const { admin, apiUrl } = stage.github;
  const person = (login: string) => admin.as(login, repositoryName);
  await person('acme').pushCommit({
    branch: 'main',
    message: 'policy',
    files: { '.github/signalbox.yml': text },
  });
  const artifacts = createLocalDirectoryStore({ directory: join(stage.dir, 'artifacts') });
  const mirrorsDir = join(stage.dir, 'mirrors');
  const connect = (credential: Credential): GitHub =>
    createGitHub({ apiUrl, credential, userAgent: 'signalbox-test' });
  const portsOf = (token: string): SchedulerPorts => portsWith({ kind: 'token', token });
  const portsWith = (credential: Credential): SchedulerPorts => ({
    github: connect(credential),
    ownLogin: async () => ownLogin,
    artifacts,
    mirrorsDir,
    fetch,
    gitAccess: () => ({}),
    commitMaker,
    logger: pino({ enabled: false }),
  });
  const activities = schedulerActivities(portsOf('bot-token'));
  const issue = (number: number) => ({ ...where, number });
  const { policy, repository } = await factOf(activities.readPolicy, {
    context: { issue: issue(1), generation: 1 },
    effect: { kind: 'read-policy', because: 'test' },
  });
  return {
    simulator: stage.github,
    dir: stage.dir,
    artifacts,
    mirrorsDir,
    activities,
    withToken: token => schedulerActivities(portsOf(token)),
    withCredential: credential => schedulerActivities(portsWith(credential)),
    withNotify: notify => schedulerActivities({ ...portsOf('bot-token'), notify }),
    scan: lives =>
      scanActivities({
        github: connect({ kind: 'token', token: 'bot-token' }),
        ownLogin: async () => ownLogin,
        lives: { ...ALL_RUN, ...lives },
        logger: { warn: () => undefined },
      }),
    policy,
    repository,
    context: number => ({ issue: issue(number), generation: 1, policy: policy.digest, repository }),
    person,
    end: stage.end,
  };
}

const ALL_RUN: IssueLives = {
  startOrPoke: async () => 'delivered',
  isKnown: async () => true,
  wakeInMotion: async () => 0,
  begin: async () => false,
};

/** A fine-grained token of our account with exactly these permissions. */
export function limitedToken(
  { simulator }: SchedulerStage,
  permissions: Readonly<Record<string, 'read' | 'write'>>,
): string {
  const token = `limited-${Object.entries(permissions).flat().join('-')}`;
  simulator.admin.addToken({ token, login: ownLogin, permissions });
  return token;
}
