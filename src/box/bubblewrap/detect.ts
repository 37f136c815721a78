/** Finds bubblewrap, the default, on this host and tests it. */
import path from 'node:path';

import { codexPackage } from '../../host/codex-package.ts';
import { isExecutable } from '../../host/executable.ts';
import { detectControlGroups } from './control-group.ts';
import { seccompFilter } from '../seccomp/filter.ts';
import { defaultLimits } from '../spec.ts';
import { superviseBox } from '../supervise.ts';
import type { BoxGuard, BoxProblem, BoxUser } from '../tier.ts';
import { startBubblewrap } from './start.ts';
import type { BubblewrapChoice, BubblewrapTier } from './tier.ts';

export async function detectBubblewrap(
  choice: BubblewrapChoice,
  user: BoxUser,
): Promise<BubblewrapTier | BoxProblem> {
  const bubblewrapPath = choice.bubblewrapPath ?? findBubblewrap();
  if (bubblewrapPath === undefined) {
    return {
      what: 'cannot find bubblewrap',
      fix: 'install the package bubblewrap, or reinstall @openai/codex with its optional dependencies',
    };
  }
  if (!isExecutable(bubblewrapPath)) {
    return {
      what: `${bubblewrapPath} is not executable`,
      fix: 'set SIGNALBOX_BUBBLEWRAP to the path of an executable bwrap, or unset it',
    };
  }
  const tier = await describe(bubblewrapPath, user);
  return (await trialProblem(tier)) ?? tier;
}

async function describe(bubblewrapPath: string, user: BoxUser): Promise<BubblewrapTier> {
  const { privileged } = user;
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
  guards.push(controlGroups === undefined ? 'memory-watch' : 'control-group-memory-and-processes');
  return {
    name: 'bubblewrap',
    ...user,
    guards,
    gaps: [],
    problems: [],
    bubblewrapPath,
    ...(controlGroups ? { controlGroups } : {}),
  };
}

/** Starts a box that does nothing, in an empty workspace. */
async function trialProblem(tier: BubblewrapTier): Promise<BoxProblem | undefined> {
  const spec = {
    command: '/usr/bin/env',
    args: ['true'],
    env: { PATH: '/usr/bin:/bin' },
    readOnlyMounts: [],
    stdin: '',
    limits: { ...defaultLimits, wallClockMs: 10_000 },
  };
  const result = await superviseBox({ spec, context: {}, start: () => startBubblewrap(spec, tier) });
  if (result.ending === 'exited' && result.exitCode === 0) return undefined;
  const reason = causeIn(result.problem ?? result.stderrTail);
  return {
    what: `the box cannot start: ${reason === '' ? result.ending : reason}`,
    fix: fixFor(reason, tier.privileged),
  };
}

/** The last line, except for a general hint that newer versions of mount(8) print after it. */
function causeIn(stderr: string): string {
  const lines = stderr.trim().split('\n');
  return lines.findLast(line => !/^\s*dmesg\(1\) may have/.test(line)) ?? '';
}

function fixFor(reason: string, privileged: boolean): string {
  // The kernel will not mount a fresh /proc for a process whose own /proc is masked, and engines mask a container's.
  if (/mount proc on/.test(reason))
    return 'run the runner’s container with an unmasked /proc: --security-opt systempaths=unconfined (Docker), --security-opt unmask=ALL (Podman), procMount: Unmasked (Kubernetes)';
  if (/unshare|mount:/.test(reason) && privileged) {
    return 'root is not allowed to mount: run the container with --cap-add SYS_ADMIN and a seccomp profile that allows mount, or run the runner outside the container';
  }
  return 'allow unprivileged user namespaces: sysctl -w user.max_user_namespaces=15000; on Ubuntu also kernel.apparmor_restrict_unprivileged_userns=0; in a container, run it with the profile deploy/seccomp-runner.json (docs/compose.md#the-box)';
}

/** Prefers the system's bwrap, which gets the distribution's security updates. */
function findBubblewrap(): string | undefined {
  const candidates = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap', bundledBubblewrap()];
  return candidates.find(candidate => candidate !== undefined && isExecutable(candidate));
}

/** The bwrap that is packaged with the pinned Codex. */
function bundledBubblewrap(): string | undefined {
  const vendorDir = codexPackage()?.vendorDir;
  return vendorDir === undefined ? undefined : path.join(vendorDir, 'codex-resources', 'bwrap');
}
