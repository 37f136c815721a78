/** Asks GitHub to run a failed check again: the job of GitHub Actions, or the check of another App. */
import type { GitHub } from './client.ts';
import type { CheckRunOf } from './check-output.ts';

const ACTIONS = 'github-actions';

export async function runCheckAgain(
  github: GitHub,
  { owner, repo, id, app }: CheckRunOf & { readonly app: string | undefined },
): Promise<void> {
  if (app === ACTIONS) await github.rest.actions.reRunJobForWorkflowRun({ owner, repo, job_id: id });
  else await github.rest.checks.rerequestRun({ owner, repo, check_run_id: id });
}

export function isActions(app: string | undefined): boolean {
  return app === ACTIONS;
}
