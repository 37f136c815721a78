/** What a person does with Temporal's CLI to roll a build out, as docs/upgrades.md shows it. */
import { execa } from 'execa';
import { ISSUE_WORKFLOW } from '../../../src/contracts/names.ts';
import { obtainTemporalServer } from '../../../src/local/temporal-server/obtain.ts';
import { toolEnvironment } from '../../../src/local/tool-environment.ts';
import { atTemporal } from '../../../src/client/temporal/connection.ts';
import type { TemporalCluster } from './temporal-cluster.ts';

const DEPLOYMENT = 'signalbox';

export async function makeCurrent(
  { values }: Pick<TemporalCluster, 'values'>,
  buildId: string,
): Promise<void> {
  const source = await obtainTemporalServer({ environment: { ...process.env, TEMPORAL_ADDRESS: undefined } });
  if (source.kind === 'address') throw new Error('an address was set meanwhile');
  const names = ['--deployment-name', DEPLOYMENT, '--build-id', buildId];
  await execa(source.path, ['worker', 'deployment', 'set-current-version', ...names, '--yes'], {
    env: { ...toolEnvironment(process.env), ...values },
    extendEnv: false,
  });
}

/** Open issues that are pinned to the build. */
export async function pinnedTo(
  { values }: Pick<TemporalCluster, 'values'>,
  buildId: string,
): Promise<number> {
  const query = [
    `WorkflowType = '${ISSUE_WORKFLOW}' AND ExecutionStatus = 'Running'`,
    `TemporalWorkerDeploymentVersion = '${DEPLOYMENT}:${buildId}'`,
  ].join(' AND ');
  return (await atTemporal(values, ({ client }) => client.workflow.count(query))).count;
}
