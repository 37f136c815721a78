/** Waits until a process has work in flight, as Temporal sees it, so that a kill hits it. */
import { atTemporal } from '../../../src/client/temporal/connection.ts';
import { lookAtIssue } from '../../../src/client/temporal/look.ts';
import type { Environment } from '../../../src/config/environment.ts';
import type { IssueRef } from '../../../src/domain/issue-ref.ts';
import type { Supervisor } from '../../../src/local/supervisor.ts';
import { until } from '../../support/until.ts';

export interface Victim {
  readonly supervisor: Supervisor;
  readonly name: string;
}

export interface Strike {
  /** Settings of Temporal. */
  readonly values: Environment;
  readonly issues: readonly IssueRef[];
  readonly victim: Victim;
  /** The worker whose activity must be in flight; default: the victim. */
  readonly worker?: Victim;
  /** Only this activity counts. */
  readonly activity?: string;
  readonly limitMs: number;
}

/** Sends SIGKILL, and resolves when the process is back. */
export async function killInFlight(strike: Strike): Promise<void> {
  const { victim, worker = victim, limitMs } = strike;
  const what = `${worker.name} has an activity in flight`;
  await atTemporal(strike.values, temporal =>
    until(
      what,
      async () => {
        const pid = `${pidOf(worker)}@`;
        const looks = await Promise.all(
          strike.issues.map(issue => lookAtIssue(temporal, issue).catch(() => undefined)),
        );
        const pending = looks.flatMap(look =>
          look === undefined || look.kind === 'unknown' ? [] : look.pending,
        );
        const flying = pending.find(
          ({ name, worker: by }) => by?.startsWith(pid) === true && name === (strike.activity ?? name),
        );
        return flying === undefined ? undefined : victim.supervisor.kill(victim.name, 'SIGKILL');
      },
      limitMs,
    ),
  );
  await until(`${victim.name} is back`, () => (isBack(victim) ? true : undefined), limitMs);
}

function isBack({ supervisor, name }: Victim): boolean {
  const one = supervisor.processes().find(process => process.name === name);
  return one !== undefined && one.state === 'up' && one.restarts > 0;
}

function pidOf({ supervisor, name }: Victim): number {
  return supervisor.processes().find(process => process.name === name)?.pid ?? 0;
}
