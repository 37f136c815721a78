/** Checks Temporal: whether it answers, has our search attributes, and a scheduler and a runner poll it. */
import { RUNNER_QUEUE, SCHEDULER_QUEUE } from '../../../contracts/names.ts';
import { atTemporal, bounded, type Temporal } from '../../temporal/connection.ts';
import { GRPC, grpcFacts } from '../../temporal/grpc.ts';
import { probeNamespace, requireNamespace, retentionOf } from '../../temporal/namespace.ts';
import { pollersOf, type QueueQuestion } from '../../temporal/queues.ts';
import type { Cli } from '../cli.ts';
import type { RepositoryCheck } from '../repository-checks.ts';
import { failedCheck } from './failed-check.ts';

export async function temporalChecks(cli: Cli): Promise<readonly RepositoryCheck[]> {
  const { values } = cli.settings();
  // `up` and `demo` start their own server; a server named in the settings must answer.
  const required = [values['TEMPORAL_ADDRESS'], values['TEMPORAL_PROFILE']].some(
    value => value !== undefined,
  );
  const name = 'Temporal';
  try {
    return await atTemporal(values, async temporal => {
      await requireNamespace(temporal);
      const checks = [
        await attributesCheck(temporal),
        await retentionCheck(temporal),
        await deploymentsCheck(temporal),
      ];
      const found = `${temporal.address}, namespace ${temporal.namespace}`;
      return [{ name, ok: true, found, required }, ...checks, ...(await processChecks(temporal))];
    });
  } catch (error) {
    const fix = 'start it with `signalbox up`, or set TEMPORAL_ADDRESS';
    return [failedCheck(error, { name, required, fix })];
  }
}

/** Without them no issue workflow can be started. */
async function attributesCheck(temporal: Temporal): Promise<RepositoryCheck> {
  const base = { name: 'search attributes', required: true };
  if ((await probeNamespace(temporal)) === 'usable') return { ...base, ok: true, found: 'all present' };
  return {
    ...base,
    ok: false,
    found: `some are missing in namespace ${temporal.namespace}`,
    fix: 'run `signalbox namespace prepare`',
  };
}

/** A person looks at an ended issue within a day; later its audit is read from the archive. */
const RETENTION_MIN_MS = 24 * 3_600_000;

async function retentionCheck(temporal: Temporal): Promise<RepositoryCheck> {
  const base = { name: 'retention', required: false };
  const retention = await retentionOf(temporal);
  if (typeof retention !== 'number') return { ...base, ok: true, found: 'the server does not tell it' };
  const found = `ended workflows are kept for ${Math.round(retention / 3_600_000)} hours`;
  if (retention >= RETENTION_MIN_MS) return { ...base, ok: true, found };
  const fix = `temporal operator namespace update --namespace ${temporal.namespace} --retention 72h`;
  return { ...base, ok: false, found, fix };
}

/** The scheduler keeps each issue on the workflow code that it started with. */
async function deploymentsCheck(temporal: Temporal): Promise<RepositoryCheck> {
  const base = { name: 'worker deployments', required: true };
  const { connection, namespace } = temporal;
  try {
    await bounded(temporal, () =>
      connection.workflowService.listWorkerDeployments({ namespace, pageSize: 1 }),
    );
    return { ...base, ok: true, found: 'supported' };
  } catch (error) {
    if (grpcFacts(error)?.code !== GRPC.unimplemented) throw error;
    return {
      ...base,
      ok: false,
      found: 'this server does not support them',
      fix: 'upgrade the Temporal server',
    };
  }
}

const PROCESSES: readonly { readonly name: string; readonly question: QueueQuestion }[] = [
  { name: 'scheduler', question: { queue: SCHEDULER_QUEUE, kind: 'workflow' } },
  { name: 'runner', question: { queue: RUNNER_QUEUE, kind: 'activity' } },
];

/** Not required: they may be about to start. */
async function processChecks(temporal: Temporal): Promise<readonly RepositoryCheck[]> {
  return await Promise.all(
    PROCESSES.map(async ({ name, question }) => {
      const pollers = await pollersOf(temporal, question);
      const running = [...new Set(pollers.map(({ identity }) => identity))].join(', ');
      const fix = `start one with \`signalbox up\` or \`signalbox worker ${name}\``;
      return running === ''
        ? { name, ok: false, found: 'not running', fix, required: false }
        : { name, ok: true, found: running, required: false };
    }),
  );
}
