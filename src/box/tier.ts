/** What kind of box this host gives, as far as it was asked for and found by starting one; every audit record names it. */
import { detectAgentSandbox } from './agent-sandbox/detect.ts';
import { type BoxFacts, boxText } from '../domain/box-facts.ts';
import { detectBubblewrap } from './bubblewrap/detect.ts';
import type { CodexBinary } from '../agents/codex/binary.ts';
import type { ContainerEngine } from './container/engine.ts';
import { detectContainer } from './container/detect.ts';
import type { ControlGroupVersion } from './bubblewrap/control-group.ts';
import { closeInheritedDescriptors } from './inherited-descriptors.ts';

export type BoxGuard =
  | 'namespaces'
  | 'no-network'
  | 'no-new-namespaces'
  | 'no-new-privileges'
  | 'system-call-filter'
  | 'own-uid'
  | 'resource-limits'
  | 'control-group-memory-and-processes'
  | 'workspace-tmpfs'
  | 'workspace-watch'
  | 'memory-watch';

export interface BoxProblem {
  readonly what: string;
  readonly mend: string;
}

/** What a kind of box does not give however sound it is: said in every record, and no reason to refuse work. */
export interface BoxGap {
  /** Of the probe that would get through, where there is one. */
  readonly name: string;
  readonly why: string;
}

interface AnyTier {
  /** Run by root: the box gets a user id of its own. */
  readonly privileged: boolean;
  readonly guards: readonly BoxGuard[];
  readonly gaps: readonly BoxGap[];
  readonly problems: readonly BoxProblem[];
  readonly boxUid?: number;
}

export interface BubblewrapTier extends AnyTier {
  readonly name: 'bubblewrap';
  readonly bubblewrapPath: string;
  readonly controlGroups?: ControlGroupVersion;
}

export interface ContainerTier extends AnyTier {
  readonly name: 'container';
  readonly engine: ContainerEngine;
  readonly image: BoxImage;
}

/** The sandbox that Codex brings, around any command, and no wall of ours. */
export interface AgentSandboxTier extends AnyTier {
  readonly name: 'agent-sandbox';
  readonly codex: CodexBinary;
}

/** No box at all: nothing can be run. */
export interface NoTier extends AnyTier {
  readonly name: 'none';
}

export type BoxTier = BubblewrapTier | ContainerTier | AgentSandboxTier | NoTier;

/** What a box is made of in place of the host's own programs. */
export interface BoxImage {
  /** As it was asked for. */
  readonly reference: string;
  /** `sha256:…`: the very image that every box of this runner is made from. */
  readonly id: string;
  /** Paths in it. */
  readonly node: string;
  readonly shell: string;
}

export type BoxChoice = BubblewrapChoice | ContainerChoice | AgentSandboxChoice;

export interface BubblewrapChoice {
  readonly box?: 'bubblewrap';
  /** Instead of the one on the system or the one that comes with Codex. */
  readonly bubblewrapPath?: string;
  readonly boxUid?: number;
}

export interface ContainerChoice {
  readonly box: 'container';
  readonly image: string;
  /** Instead of the first one that answers. */
  readonly engine?: ContainerEngine['name'];
  /** Of the engine's command; nothing of it reaches a box. */
  readonly environment: Readonly<Record<string, string>>;
  readonly boxUid?: number;
}

export interface AgentSandboxChoice {
  readonly box: 'agent-sandbox';
}

/** In the range that systemd's table of user ids leaves to nobody (60706–61183). */
const DEFAULT_BOX_UID = 60_900;

/** Also makes this process fit to start boxes: it keeps no descriptor that it would hand on. */
export async function detectTier(choice: BoxChoice = {}): Promise<BoxTier> {
  await closeInheritedDescriptors();
  const privileged = process.getuid?.() === 0;
  if (process.platform !== 'linux') {
    return noTier({
      what: `the box needs Linux, this is ${process.platform}`,
      mend: 'run the runner on Linux or in a Linux container',
    });
  }
  const found = await detect(choice, privileged);
  return 'what' in found ? noTier(found) : found;
}

function detect(choice: BoxChoice, privileged: boolean): Promise<BoxTier | BoxProblem> {
  if (choice.box === 'agent-sandbox') return detectAgentSandbox(privileged);
  const user = privileged ? { privileged, boxUid: choice.boxUid ?? DEFAULT_BOX_UID } : { privileged };
  return choice.box === 'container' ? detectContainer(choice, user) : detectBubblewrap(choice, user);
}

/** Who the boxes run as. */
export type BoxUser = Pick<AnyTier, 'privileged' | 'boxUid'>;

function noTier(problem: BoxProblem): NoTier {
  const privileged = process.getuid?.() === 0;
  return { name: 'none', privileged, guards: [], gaps: [], problems: [problem] };
}

/** For people and records: the name, what it is made with, what guards it, what it does not give or hold against. */
export function describeBox(tier: BoxTier): string {
  return boxText(boxFacts(tier));
}

/** For what is kept of a run, a set-up or a verification. */
export function boxFacts(tier: BoxTier): BoxFacts {
  const { guards, gaps, problems } = tier;
  return {
    name: `${tier.name}${makingOf(tier)}`,
    guards,
    gaps: gaps.map(({ name }) => name),
    problems: problems.map(({ what }) => what),
  };
}

function makingOf(tier: BoxTier): string {
  if (tier.name === 'agent-sandbox') return ` (codex ${tier.codex.version})`;
  if (tier.name !== 'container') return '';
  const { engine, image } = tier;
  return ` (${engine.name} ${engine.version}${engine.rootless ? ', rootless' : ''}, image ${image.id})`;
}
