/** What a run stands on: its inputs in a store of its own, a mirror of the base, and the ports of a runner. */
import { basename, join } from 'node:path';
import { pino } from 'pino';
import type { AgentAdapter } from '../../agents/adapter.ts';
import { putCanonical } from '../../activities/stored.ts';
import type { TaskIssue } from '../../activities/runner/agent-task.ts';
import type { RunnerPorts } from '../../activities/runner/ports.ts';
import { createLocalDirectoryStore } from '../../artifacts/local-directory.ts';
import { resolveHost } from '../../box/egress/reach.ts';
import { modelGatewayClient } from '../../model-gateway/client.ts';
import type { BoxTier } from '../../box/tier.ts';
import type { HandAsk, HandHooks } from '../../client/cli/run/by-hand.ts';
import { processSettings, type ProcessSettings } from '../../config/environment.ts';
import { layoutOf } from '../../config/layout.ts';
import { parseContract } from '../../domain/contract.ts';
import { claimBranchName, handBranch } from '../../domain/branch.ts';
import type { Mode } from '../../domain/mode.ts';
import type { Policy } from '../../domain/policy.ts';
import { declaredRisk, type RiskJudgement, riskOfLabels, riskOfText, worse } from '../../domain/risk.ts';
import type { Inputs, RepositoryFacts } from '../../domain/state.ts';
import { GitError } from '../../git/git-error.ts';
import { mirrorSource, originOf } from '../../git/source-repository.ts';
import { workshopSettings } from './left-over.ts';
import type { Place } from './place.ts';
import type { Source } from './source.ts';

export interface Ground {
  readonly ask: HandAsk;
  readonly source: Source;
  readonly place: Place;
  readonly agent: AgentAdapter;
  readonly ports: RunnerPorts;
  readonly policy: Policy;
  readonly repository: RepositoryFacts;
  /** The mirror of the base, which becomes the clone that the person is given. */
  readonly mirrorDir: string;
  readonly issue: TaskIssue;
  readonly inputs: Inputs;
  readonly mode: Mode;
  /** The floor, before there is a change. */
  readonly risk: RiskJudgement;
  readonly branch: string;
}

export interface GroundInput {
  readonly ask: HandAsk;
  readonly source: Source;
  readonly place: Place;
  readonly tier: BoxTier;
  readonly agent: AgentAdapter;
}

export async function prepareGround(input: GroundInput, { signal, say }: HandHooks): Promise<Ground> {
  const { ask, source, place, agent } = input;
  const ports = portsOf(input, processSettings(workshopSettings(ask, place)));
  const { mirrorsDir } = ports;
  const { policy, base } = source;
  const { contract } = parseContract(ask.issue.body);
  const mode = ask.mode ?? contract.mode ?? policy.defaultMode;
  const risk = riskOf(ask, policy);
  say(`mode ${mode}, risk ${risk.level}${risk.reasons.length === 0 ? '' : ` (${risk.reasons.join(', ')})`}`);
  const { digest, ...values } = policy;
  const { title, body } = ask.issue;
  await mirrorSource({
    ...{ source: source.repository, root: mirrorsDir, key: String(REPOSITORY_ID) },
    ...{ commit: base, signal },
  });
  await putCanonical(ports.artifacts, values);
  return {
    ...{ ask, source, place, agent, ports, policy, mode, risk },
    repository: { id: REPOSITORY_ID, defaultBranch: '', head: base, cloneUrl: '', url: '' },
    mirrorDir: join(mirrorsDir, `${REPOSITORY_ID}.git`),
    issue: ask.issue.onGitHub ?? { repository: await nameOf(source), number: null },
    inputs: {
      subject: await putCanonical(ports.artifacts, { version: 1, title, body }),
      policy: digest,
      base,
    },
    branch: branchOf(ask),
  };
}

/** There is but one repository, and no server that numbers it. */
const REPOSITORY_ID = 1;

function portsOf({ tier, agent }: GroundInput, settings: ProcessSettings): RunnerPorts {
  const layout = layoutOf(settings);
  return {
    artifacts: createLocalDirectoryStore({ directory: layout.artifacts }),
    mirrorsDir: layout.runnerMirrors,
    workspacesDir: layout.workspaces,
    remote: () => {
      throw new GitError('failed', 'a run by hand has all it needs in its mirror');
    },
    tier,
    modelGateway: modelGatewayClient(layout.modelGatewayControl),
    adapterFor: () => agent,
    setUp: {
      layersDir: layout.layers,
      resolve: resolveHost,
      privateHosts: settings.SIGNALBOX_SETUP_PRIVATE_HOSTS,
    },
    logger: pino({ enabled: false }),
  };
}

function riskOf({ issue }: HandAsk, policy: Policy): RiskJudgement {
  const { contract } = parseContract(issue.body);
  return [
    riskOfLabels(issue.labels, policy.risk),
    riskOfText(`${issue.title}\n${issue.body}`, policy.risk),
    declaredRisk(contract.declaredRisk, 'the issue'),
  ].reduce(worse);
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
