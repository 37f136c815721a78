/** The local stage: a simulated GitHub with a real project, a scripted model, and the real processes around them. */
import { mkdir, readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startGitHub, type GitHubSimulator } from '../simulator/github/server.ts';
import type { ScriptChoice } from '../simulator/model/script.ts';
import { greetingFix } from '../simulator/model/scripts.ts';
import { type ScriptedModel, startModel } from '../simulator/model/server.ts';
import { projectHistory, projectIssue } from '../simulator/project/history.ts';
import { sweepWorkspaces } from '../src/box/workspace.ts';
import { connectTemporal, temporalSettings } from '../src/client/temporal/connection.ts';
import { scanNow } from '../src/client/temporal/scan.ts';
import { ensureScanSchedule } from '../src/client/temporal/schedules.ts';
import { withoutDestinations } from '../src/config/destinations.ts';
import type { IssueRef, RepositoryRef } from '../src/domain/issue-ref.ts';
import type { SupervisorEvent } from '../src/local/process-spec.ts';
import { removeTree } from '../src/host/remove-tree.ts';
import { reservePorts } from '../src/local/ports.ts';
import { startStack, type Stack } from '../src/local/stack.ts';
import type { TemporalServerSource } from '../src/local/temporal-server/obtain.ts';

const OWNER = 'acme';
const REPOSITORY = 'profile-card';
const BOT = 'signalbox-bot';
const SCAN_SECONDS = 60;
const PRICES = { '*': { inputUsdPerMillion: 1, cachedInputUsdPerMillion: 0.1, outputUsdPerMillion: 8 } };

/** Rosa maintains the project and owns its releases. */
export const PERSON = 'rosa';
export const CI = 'deployer';

export interface StageInput {
  readonly dataDir: string;
  readonly temporal: TemporalServerSource;
  /** Variables that the host's tools need (PATH, HOME, …). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onEvent: (event: SupervisorEvent) => void;
  readonly signal: AbortSignal;
  /** Text of the policy file; default: the demo's. */
  readonly policy?: string;
  /** More settings of the processes, by environment variable. */
  readonly values?: Readonly<Record<string, string>>;
  readonly script?: ScriptChoice;
}

/** Secrets that only the process that needs each may hold. */
export interface StageSecrets {
  readonly modelKey: string;
  readonly webhookSecret: string;
  readonly botToken: string;
  readonly sourceToken: string;
}

export interface Stage {
  readonly dataDir: string;
  readonly issue: IssueRef;
  readonly github: GitHubSimulator;
  readonly model: ScriptedModel;
  readonly stack: Stack;
  readonly secrets: StageSecrets;
  /** Settings of the CLI in another terminal, by environment variable. */
  readonly settings: Readonly<Record<string, string>>;
  /** Can be called at any time, more than once. */
  readonly close: () => Promise<void>;
}

export async function openStage(input: StageInput): Promise<Stage> {
  const { dataDir, environment, signal } = input;
  await sweepWorkspaces(join(dataDir, 'workspaces'));
  await removeTree(dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const [gatewayPort = 0] = await reservePorts([
    { port: 0, what: 'the gateway', setting: 'SIGNALBOX_GATEWAY_PORT' },
  ]);
  const [webhookSecret, modelKey] = [secret(), secret()];
  const tokens = { bot: secret('ghp_'), source: secret('ghp_'), person: secret('ghp_') };
  const model = await startModel({ script: input.script ?? greetingFix(), key: modelKey });
  const github = await simulatedGitHub({
    dataDir,
    tokens,
    webhook: { url: `http://127.0.0.1:${gatewayPort}/webhooks`, secret: webhookSecret },
  });
  const closeOutside = async (): Promise<void> => {
    await Promise.allSettled([github.close(), model.close()]);
  };
  try {
    const issue = await openRepository(github, REPOSITORY, input.policy);
    const values = {
      ...withoutDestinations(environment),
      SIGNALBOX_MODEL_GATEWAY_DIR: undefined,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_TOKEN: tokens.bot,
      SIGNALBOX_SOURCE_TOKEN: tokens.source,
      SIGNALBOX_WEBHOOK_SECRET: webhookSecret,
      SIGNALBOX_GATEWAY_PORT: String(gatewayPort),
      SIGNALBOX_MODEL_BASE_URL: model.url,
      SIGNALBOX_MODEL_PRICES: JSON.stringify(PRICES),
      ...input.values,
    };
    const { temporal, onEvent } = input;
    const ports = { temporalPort: 0, temporalUiPort: 0 };
    const stack = await startStack(
      { dataDir, temporal, ...ports, values, modelKey, withGateway: true, onEvent },
      signal,
    );
    await scanFirst(stack, issue);
    const settings = {
      TEMPORAL_ADDRESS: stack.temporalAddress,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_TOKEN: tokens.person,
      SIGNALBOX_DATA_DIR: dataDir,
    };
    const close = async (): Promise<void> => {
      await stack.stop();
      await closeOutside();
      // An interrupted run leaves its workspace mounted.
      await sweepWorkspaces(join(dataDir, 'workspaces'));
    };
    const secrets = { modelKey, webhookSecret, botToken: tokens.bot, sourceToken: tokens.source };
    return { dataDir, issue, github, model, stack, secrets, settings, close };
  } catch (error) {
    await closeOutside();
    throw error;
  }
}

/** Scans at once and by Schedule, as `up` does. The scans find what a lost webhook did not report. */
export async function scanFirst(stack: Stack, repository: RepositoryRef): Promise<void> {
  const temporal = await connectTemporal(temporalSettings(stack.temporalValues));
  try {
    await ensureScanSchedule(temporal, repository, SCAN_SECONDS);
    await scanNow(temporal, repository);
  } finally {
    await temporal.close();
  }
}

interface SimulatorPlan {
  readonly dataDir: string;
  readonly tokens: Readonly<Record<'bot' | 'source' | 'person', string>>;
  readonly webhook: { readonly url: string; readonly secret: string };
}

async function simulatedGitHub({ dataDir, tokens, webhook }: SimulatorPlan): Promise<GitHubSimulator> {
  return await startGitHub({
    dataDir: join(dataDir, 'github'),
    webhook,
    users: [
      { login: BOT, token: tokens.bot },
      { login: 'signalbox-runner', token: tokens.source },
      { login: PERSON, token: tokens.person },
      { login: CI },
    ],
  });
}

function demoPolicy(): Promise<string> {
  return readFile(new URL('./policy.yml', import.meta.url), 'utf8');
}

/** Creates the project with its commits, the policy on the default branch, and the issue, which is not opted in yet. */
export async function openRepository(
  github: GitHubSimulator,
  name: string,
  policy?: string,
): Promise<IssueRef> {
  await github.admin.createRepository({
    owner: OWNER,
    name,
    roles: { [BOT]: 'write', 'signalbox-runner': 'read', [PERSON]: 'maintain', [CI]: 'write' },
    labels: ['ai', 'bug'],
    history: await projectHistory(),
    files: { '.github/signalbox.yml': policy ?? (await demoPolicy()) },
  });
  const { number } = github.admin.as(PERSON, `${OWNER}/${name}`).openIssue(await projectIssue());
  return { owner: OWNER, repo: name, number };
}

function secret(prefix = ''): string {
  return (
    prefix +
    randomBytes(20)
      .toString('hex')
      .slice(0, prefix === '' ? 40 : 36)
  );
}
