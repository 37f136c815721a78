/** How a workflow moves to newer code. Bundled for the workflow sandbox. */
import { setWorkflowOptions, workflowInfo } from '@temporalio/workflow';

/**
 * Not pinned like an issue: the workflow goes on with the current code. The server refuses a behaviour from a worker without
 * versioning.
 */
export function unpinned(workflow: (input: never) => Promise<unknown>): void {
  setWorkflowOptions(
    () => (deploymentOfWorker() === '' ? {} : { versioningBehavior: 'AUTO_UPGRADE' }),
    workflow,
  );
}

function deploymentOfWorker(): string {
  return workflowInfo().currentDeploymentVersion?.deploymentName ?? '';
}
