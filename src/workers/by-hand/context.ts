/** The context of a run: its inputs in a separate store, a mirror of the base, and the ports of a runner. */
import { basename, join } from 'node:path';
import { pino } from 'pino';
import type { AgentAdapter } from '../../agents/adapter.ts';
import { mirrorKey } from '../../activities/change.ts';
import { putCanonical } from '../../activities/stored.ts';
import type { TaskIssue } from '../../activities/runner/agent-task.ts';
import type { RunnerPorts } from '../../activities/runner/ports.ts';
import { createLocalDirectoryStore } from '../../artifacts/local-directory.ts';
import { modelGatewayClient } from '../../model-gateway/client.ts';
import type { BoxTier } from '../../box/tier.ts';
import type { HandAsk, HandHooks } from '../../client/cli/run/by-hand.ts';
import { processSettings, type ProcessSettings } from '../../config/environment.ts';
import { layoutOf, modelGatewayControl } from '../../config/layout.ts';
import { claimBranchName, handBranch } from '../../domain/branch.ts';
import { entryRiskByHand, modeByHand } from '../../domain/by-hand.ts';
import type { Contract } from '../../domain/contract.ts';
import type { Mode } from '../../domain/mode.ts';
import type { Policy } from '../../domain/policy.ts';
import type { RiskJudgement } from '../../domain/risk.ts';
import type { Inputs } from '../../domain/state/work.ts';
import type { RepositoryFacts } from '../../domain/state/reading.ts';
import { GitError } from '../../git/git-error.ts';
import { historyOf } from '../../git/history.ts';
import { mirrorSource, originOf } from '../../git/source-repository.ts';
import { wayOut } from '../way-out.ts';
import { workDirSettings } from './left-over.ts';
import type { Place } from './place.ts';
import type { Source } from './source.ts';

export interface HandContext {
  readonly ask: HandAsk;
  readonly source: Source;
  readonly place: Place;
  readonly agent: AgentAdapter;
  readonly ports: RunnerPorts;
  readonly policy: Policy;
  readonly repository: RepositoryFacts;
  /** The mirror of the base; it becomes the clone that the person gets. */
  readonly mirrorDir: string;
  readonly issue: TaskIssue;
  readonly inputs: Inputs;
  readonly mode: Mode;
  /** The minimum, before there is a change. */
  readonly risk: RiskJudgement;
  readonly branch: string;
}

export interface HandContextInput {
  readonly ask: HandAsk;
  readonly source: Source;
  readonly contract: Contract;
  readonly place: Place;
  readonly tier: BoxTier;
  readonly agent: AgentAdapter;
}

export async function prepareContext(
  input: HandContextInput,
  { signal, say }: HandHooks,
): Promise<HandContext> {
  const { ask, source, contract, place, agent } = input;
  const ports = portsOf(input, processSettings(workDirSettings(ask, place)));
  const { mirrorsDir } = ports;
  const { policy, base } = source;
  const mode = modeByHand(ask.mode, contract, policy);
  const risk = entryRiskByHand(ask.issue, contract, policy);
  say(`mode ${mode}, risk ${risk.level}${risk.reasons.length === 0 ? '' : ` (${risk.reasons.join(', ')})`}`);
  const { digest, ...values } = policy;
  const { title, body } = ask.issue;
  const history = historyOf(policy.workspace);
  await mirrorSource({
    source: source.repository,
    root: mirrorsDir,
    key: mirrorKey(REPOSITORY_ID, history),
    commit: base,
    history,
    signal,
  });
  await putCanonical(ports.artifacts, values);
  return {
    ask,
    source,
    place,
    agent,
    ports,
    policy,
    mode,
    risk,
    repository: { id: REPOSITORY_ID, defaultBranch: '', head: base, cloneUrl: '', url: '' },
    mirrorDir: join(mirrorsDir, `${mirrorKey(REPOSITORY_ID, history)}.git`),
    issue: ask.issue.onGitHub ?? { repository: await nameOf(source), number: null },
    inputs: {
      subject: await putCanonical(ports.artifacts, { version: 1, title, body }),
      policy: digest,
      base,
    },
    branch: branchOf(ask),
  };
}

/** There is only one repository, and no server that assigns its id. */
const REPOSITORY_ID = 1;

function portsOf({ tier, agent }: HandContextInput, settings: ProcessSettings): RunnerPorts {
  const layout = layoutOf(settings);
  return {
    artifacts: createLocalDirectoryStore({ directory: layout.artifacts }),
    mirrorsDir: layout.runnerMirrors,
    workspacesDir: layout.workspaces,
    remote: () => {
      throw new GitError('failed', 'a run by hand fetches nothing: its mirror must be complete');
    },
    tier,
    modelGateway: modelGatewayClient(modelGatewayControl(settings)),
    adapterFor: () => agent,
    setUp: { layersDir: layout.layers, dial: wayOut(settings) },
    logger: pino({ enabled: false }),
  };
}

async function nameOf({ repository }: Source): Promise<string> {
  const folder = basename(repository.root).replace(/[^\w.-]/g, '-');
  return (await originOf(repository)) ?? `local/${folder === '' ? 'repository' : folder}`;
}

function branchOf({ issue }: HandAsk): string {
  const { onGitHub, title } = issue;
  return onGitHub === undefined
    ? handBranch(title)
    : claimBranchName({ issueNumber: onGitHub.number, generation: 1 }, title);
}
