/** Checks Temporal: whether it answers, has our search attributes, and a scheduler and a runner poll it. */
import { RUNNER_QUEUE, SCHEDULER_QUEUE } from '../../../contracts/names.ts';
import { ourSearchAttributes, typeWords } from '../../../local/temporal-server/search-attributes.ts';
import { bounded, connectTemporal, type Temporal, temporalSettings } from '../../temporal/connection.ts';
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
    const temporal = await connectTemporal(temporalSettings(values));
    try {
      const attributes = await attributesCheck(temporal);
      const found = `${temporal.address}, namespace ${temporal.namespace}`;
      return [{ name, ok: true, found, required }, attributes, ...(await processChecks(temporal))];
    } finally {
      await temporal.close();
    }
  } catch (error) {
    const fix = 'start it with `signalbox up`, or set TEMPORAL_ADDRESS';
    return [failedCheck(error, { name, required, fix })];
  }
}

/** Without them no issue workflow can be started. */
async function attributesCheck(temporal: Temporal): Promise<RepositoryCheck> {
  const base = { name: 'search attributes', required: true };
  const { connection, namespace } = temporal;
  const { customAttributes } = await bounded(temporal, () =>
    connection.operatorService.listSearchAttributes({ namespace }),
  );
  const missing = ourSearchAttributes().filter(({ name }) => customAttributes[name] === undefined);
  if (missing.length === 0) return { ...base, ok: true, found: 'all present' };
  const flags = missing.map(({ name, type }) => `--name ${name} --type ${typeWords[type]}`).join(' ');
  return {
    ...base,
    ok: false,
    found: `missing in namespace ${namespace}: ${missing.map(({ name }) => name).join(', ')}`,
    fix: `temporal operator search-attribute create --namespace ${namespace} ${flags}`,
  };
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
