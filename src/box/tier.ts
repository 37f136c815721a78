/** What kind of box this host can give, found by starting one; every audit record names it. */
import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

import { closeInheritedDescriptors } from './inherited-descriptors.ts';
import { detectControlGroups, type ControlGroupVersion } from './control-group.ts';
import { runInBox } from './run.ts';
import { seccompFilter } from './seccomp/filter.ts';
import { defaultLimits } from './spec.ts';

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
  | 'workspace-watch';

export interface BoxProblem {
  readonly what: string;
  readonly mend: string;
}

export interface BoxTier {
  readonly name: 'bubblewrap' | 'none';
  /** Run by root: the box gets a user id of its own. */
  readonly privileged: boolean;
  readonly guards: readonly BoxGuard[];
  readonly problems: readonly BoxProblem[];
  readonly bubblewrapPath?: string;
  readonly boxUid?: number;
  readonly controlGroups?: ControlGroupVersion;
}

export interface DetectTierOptions {
  /** Instead of the one on the system or the one that comes with Codex. */
  readonly bubblewrapPath?: string;
  readonly boxUid?: number;
}

/** For people and records: the name, what guards it, and what it was found not to hold against. */
export function describeBox({ name, guards, problems }: BoxTier): string {
  return [`${name}: ${guards.join(', ')}`, ...problems.map(({ what }) => what)].join('; ');
}

/** In the range that systemd's table of user ids leaves to nobody (60706–61183). */
const DEFAULT_BOX_UID = 60_900;

/** Also makes this process fit to start boxes: it keeps no descriptor that it would hand on. */
export async function detectTier(options: DetectTierOptions = {}): Promise<BoxTier> {
  await closeInheritedDescriptors();
  const privileged = process.getuid?.() === 0;
  const none = (problem: BoxProblem): BoxTier => ({
    name: 'none',
    privileged,
    guards: [],
    problems: [problem],
  });
  if (process.platform !== 'linux') {
    return none({
      what: `the box needs Linux, this is ${process.platform}`,
      mend: 'run the runner on Linux or in a Linux container',
    });
  }
  const bubblewrapPath = options.bubblewrapPath ?? (await findBubblewrap());
  if (bubblewrapPath === undefined) {
    return none({
      what: 'bubblewrap was not found',
      mend: 'install the package bubblewrap, or reinstall @openai/codex with its optional dependencies',
    });
  }
  if (!(await isExecutable(bubblewrapPath))) {
    return none({
      what: `${bubblewrapPath} is no program that can be run`,
      mend: 'name the bwrap to use in SIGNALBOX_BUBBLEWRAP, or leave it out',
    });
  }
  const tier = await describe(bubblewrapPath, privileged, options.boxUid ?? DEFAULT_BOX_UID);
  const problem = await trialProblem(tier);
  return problem === undefined ? tier : none(problem);
}

async function describe(bubblewrapPath: string, privileged: boolean, boxUid: number): Promise<BoxTier> {
  const controlGroups = privileged ? await detectControlGroups() : undefined;
  const guards: BoxGuard[] = [
    'namespaces',
    'no-network',
    'no-new-namespaces',
    'no-new-privileges',
    'resource-limits',
  ];
  if (seccompFilter(process.arch) !== undefined) guards.push('system-call-filter');
  guards.push(...(privileged ? (['own-uid', 'workspace-tmpfs'] as const) : (['workspace-watch'] as const)));
  if (controlGroups !== undefined) guards.push('control-group-memory-and-processes');
  return {
    name: 'bubblewrap',
    privileged,
    guards,
    problems: [],
    bubblewrapPath,
    ...(privileged && { boxUid }),
    ...(controlGroups && { controlGroups }),
  };
}

/** Starts a box that does nothing, in an empty workspace. */
async function trialProblem(tier: BoxTier): Promise<BoxProblem | undefined> {
  const spec = {
    command: '/usr/bin/env',
    args: ['true'],
    env: { PATH: '/usr/bin:/bin' },
    readOnlyMounts: [],
    stdin: '',
    limits: { ...defaultLimits, wallClockMs: 10_000 },
  };
  const result = await runInBox(spec, { tier });
  if (result.ending === 'exited' && result.exitCode === 0) return undefined;
  const said = causeIn(result.stderrTail);
  return {
    what: `the box cannot start: ${said === '' ? result.ending : said}`,
    mend: mendFor(said, tier.privileged),
  };
}

/** The last line; newer versions of mount(8) put a general hint below it. */
function causeIn(stderr: string): string {
  const lines = stderr.trim().split('\n');
  return lines.findLast(line => !/^\s*dmesg\(1\) may have/.test(line)) ?? '';
}

function mendFor(said: string, privileged: boolean): string {
  if (/unshare|mount:/.test(said) && privileged) {
    return 'root lacks the right to mount: give the container --cap-add SYS_ADMIN and a seccomp profile that allows it, or run the runner outside of it';
  }
  return 'allow unprivileged user namespaces: sysctl -w user.max_user_namespaces=15000; on Ubuntu also kernel.apparmor_restrict_unprivileged_userns=0; in a container run it with --security-opt seccomp=unconfined';
}

/** The system's own first: it is what the distribution patches. */
async function findBubblewrap(): Promise<string | undefined> {
  const candidates = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap', bundledBubblewrap()];
  for (const candidate of candidates) {
    if (candidate !== undefined && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}

/** The one that comes with the pinned Codex, found without relying on where npm put it. */
function bundledBubblewrap(): string | undefined {
  const triple = { x64: 'x86_64-unknown-linux-musl', arm64: 'aarch64-unknown-linux-musl' }[
    process.arch as string
  ];
  if (triple === undefined) return undefined;
  try {
    const shim = createRequire(createRequire(import.meta.url).resolve('@openai/codex/package.json'));
    const native = shim.resolve(`@openai/codex-linux-${process.arch}/package.json`);
    return path.join(path.dirname(native), 'vendor', triple, 'codex-resources', 'bwrap');
  } catch {
    return undefined;
  }
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
