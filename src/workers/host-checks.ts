/** The prerequisites of this host: Node, git, the agent's binary, a box that passes its self-test, and valid settings of the model gateway. */
import { describeBox } from '../box/about-box.ts';
import { mountProblem } from '../box/mount-check.ts';
import type { FixableTrouble } from '../domain/trouble.ts';
import { checkCodex } from '../agents/preflight.ts';
import { GatewayConfigError, parseGatewayConfig } from '../model-gateway/config.ts';
import type { ProbeResult } from '../box/self-test.ts';
import type { BoxTier } from '../box/tier.ts';
import type { HostCheck } from '../client/cli/host-check.ts';
import {
  commandAgent,
  type CommandAgentSettings,
  type Environment,
  processSettings,
} from '../config/environment.ts';
import { SettingsError } from '../config/settings-error.ts';
import { gitVersionProblem } from '../git/git-version.ts';
import { type TriedTier, triedTier } from './trusted-tier.ts';

export async function hostChecks(values: Environment): Promise<readonly HostCheck[]> {
  const box = await triedBox(values);
  return [
    { name: 'Node', ok: true, found: process.versions.node },
    await gitCheck(),
    await agentCheck(values, box),
    boxCheck(box),
    modelSettingsCheck(values),
  ];
}

async function gitCheck(): Promise<HostCheck> {
  const problem = await gitVersionProblem();
  if (problem === undefined) return { name: 'git', ok: true, found: 'the version is supported' };
  return { name: 'git', ok: false, found: problem.what, fix: problem.fix };
}

/** The policy of each repository chooses its agent; this host must have at least one of the two. */
async function agentCheck(values: Environment, box: TriedTier | SettingsError): Promise<HostCheck> {
  const name = 'agent';
  const codex = await checkCodex();
  const command = commandAgent(processSettings(values));
  const mounts = command === undefined ? undefined : await mountCheck(command, box);
  if (mounts !== undefined) return { name, ok: false, found: mounts.what, fix: mounts.fix };
  if (codex.ok) return { name, ok: true, found: codex.found };
  if (command !== undefined) return { name, ok: true, found: `command ${command.name}; no Codex` };
  return { name, ok: false, found: codex.what, fix: codex.fix };
}

/** Without a working box, only that is reported. */
async function mountCheck(
  { readOnlyMounts }: CommandAgentSettings,
  box: TriedTier | SettingsError,
): Promise<FixableTrouble | undefined> {
  if (box instanceof SettingsError || box.problem !== undefined) return undefined;
  return await mountProblem(box.tier, readOnlyMounts);
}

/** Runs the self-test: every probe must be denied on this host. */
async function triedBox(values: Environment): Promise<TriedTier | SettingsError> {
  try {
    return await triedTier(processSettings(values));
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
}

function boxCheck(box: TriedTier | SettingsError): HostCheck {
  const name = 'box';
  if (box instanceof SettingsError)
    return { name, ok: false, found: box.trouble.what, fix: box.trouble.fix ?? 'correct this setting' };
  const { tier, problem, results } = box;
  if (problem !== undefined) return { name, ok: false, found: problem.what, fix: problem.fix };
  return { name, ok: true, found: [describeBox(tier), ...probeSummary(tier, results)].join('; ') };
}

/** The results of the probes, and why some of them were skipped. */
function probeSummary({ gaps }: BoxTier, results: readonly ProbeResult[]): readonly string[] {
  const denied = results.filter(probe => probe.denied).length;
  return [`${denied} of ${results.length} probes denied`, ...gaps.map(({ name, why }) => `${name}: ${why}`)];
}

/** Checks all settings except the key, which the commands that need it check. */
function modelSettingsCheck(values: Environment): HostCheck {
  const name = 'model gateway';
  const unkeyed = Object.entries(values).filter(
    ([setting]) => !/^SIGNALBOX_MODEL_KEY(_FILE|_FD)?$/.test(setting),
  );
  try {
    const { upstreamBaseUrl } = parseGatewayConfig({
      ...Object.fromEntries(unkeyed),
      SIGNALBOX_MODEL_GATEWAY_DIR: '/checked-elsewhere',
      SIGNALBOX_MODEL_KEY: 'checked-elsewhere',
    });
    return { name, ok: true, found: `for ${upstreamBaseUrl.origin}` };
  } catch (error) {
    if (!(error instanceof GatewayConfigError)) throw error;
    return { name, ok: false, found: error.message, fix: 'correct this setting' };
  }
}
