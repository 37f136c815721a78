/** The local stage: a simulated GitHub with a real project, a scripted model, and the real processes around them. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitHubSimulator } from '../simulator/github/server.ts';
import type { ScriptChoice } from '../simulator/model/script.ts';
import type { ScriptedModel } from '../simulator/model/server.ts';
import { sweepWorkspaces } from '../src/box/workspace.ts';
import { atTemporal } from '../src/client/temporal/connection.ts';
import { scanNow } from '../src/client/temporal/scan.ts';
import { ensureScanSchedules } from '../src/client/temporal/schedules.ts';
import { withoutDestinations } from '../src/config/destinations.ts';
import type { Environment } from '../src/config/environment.ts';
import type { IssueRef, RepositoryRef } from '../src/domain/issue-ref.ts';
import type { SupervisorEvent } from '../src/local/process-spec.ts';
import { removeTree } from '../src/host/remove-tree.ts';
import { startStack, type Stack } from '../src/local/stack.ts';
import type { TemporalServerSource } from '../src/local/temporal-server/obtain.ts';
import { openOutside, type OutsideSecrets } from './outside.ts';
import { openRepository, REPOSITORY } from './project.ts';

const SCAN_SECONDS = 60;

export interface StageInput {
  readonly dataDir: string;
  readonly temporal: TemporalServerSource;
  /** Variables that the host's tools need (PATH, HOME, …). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onEvent: (event: SupervisorEvent) => void;
  readonly signal: AbortSignal;
  /** Text of the policy file; default: the demo's. */
  readonly policy?: string;
  /** Of the project; default: `main`. */
  readonly defaultBranch?: string;
  /** More settings of the processes, by environment variable. */
  readonly values?: Readonly<Record<string, string>>;
  readonly script?: ScriptChoice;
}

export interface Stage {
  readonly dataDir: string;
  readonly issue: IssueRef;
  readonly github: GitHubSimulator;
  readonly model: ScriptedModel;
  readonly stack: Stack;
  readonly secrets: OutsideSecrets;
  /** The settings of the processes that store artifacts, by environment variable. */
  readonly storedBy: Environment;
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
  const outside = await openOutside(join(dataDir, 'github'), input.script);
  const { github, model, secrets } = outside;
  try {
    const issue = await openRepository(github, REPOSITORY, input);
    const values = {
      ...withoutDestinations(environment),
      SIGNALBOX_MODEL_GATEWAY_DIR: undefined,
      ...outside.values,
      ...input.values,
    };
    const { temporal, onEvent } = input;
    const ports = { temporalPort: 0, temporalUiPort: 0 };
    const stack = await startStack(
      { dataDir, temporal, ...ports, values, modelKey: secrets.modelKey, withGateway: true, onEvent },
      signal,
    );
    await scanFirst(stack, issue);
    const settings = {
      TEMPORAL_ADDRESS: stack.temporalAddress,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_TOKEN: outside.personToken,
      SIGNALBOX_DATA_DIR: dataDir,
    };
    const close = async (): Promise<void> => {
      await stack.stop();
      await outside.close();
      // An interrupted run leaves its workspace mounted.
      await sweepWorkspaces(join(dataDir, 'workspaces'));
    };
    const storedBy = { ...values, SIGNALBOX_DATA_DIR: dataDir };
    return { dataDir, storedBy, issue, github, model, stack, secrets, settings, close };
  } catch (error) {
    await outside.close();
    throw error;
  }
}

/** Scans at once and by Schedule, as `up` does. The scans find what a lost webhook did not report. */
export async function scanFirst(stack: Stack, repository: RepositoryRef): Promise<void> {
  await atTemporal(stack.temporalValues, async temporal => {
    await ensureScanSchedules(temporal, [repository], SCAN_SECONDS);
    await scanNow(temporal, repository);
  });
}
