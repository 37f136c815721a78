/** Asks GitHub once to run a failed check again. That it cannot be run again is a fact: it then counts as it is. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { isRepeated } from '../../contracts/retries.ts';
import { runCheckAgain } from '../../github/check-rerun.ts';
import { findChecks } from '../../github/checks.ts';
import { isFailure } from '../../github/failure.ts';
import type { Attempted } from '../effect.ts';
import type { SchedulerPorts } from './ports.ts';

const PROBLEM_CHARS_MAX = 300;

export function rerunCheck({ github }: SchedulerPorts): Attempted<SchedulerActivities['rerunCheck']> {
  return async ({ context, effect }, tries) => {
    const { owner, repo } = context.issue;
    const { head, name, attempt, id, app } = effect;
    const fact = { type: 'check-rerun', head, name, attempt } as const;
    if (isRepeated(tries) && (await isOtherAttempt())) return fact;
    try {
      await runCheckAgain(github, { owner, repo, id, app });
      return fact;
    } catch (error) {
      if (!isFailure(error, 'forbidden', 'not-found', 'gone', 'conflict', 'invalid')) throw error;
      return { ...fact, problem: error.message.slice(0, PROBLEM_CHARS_MAX) };
    }

    /** An earlier try was carried out, and its answer lost. */
    async function isOtherAttempt(): Promise<boolean> {
      const { checks } = await findChecks(github, { owner, repo, sha: head, names: [name] });
      const ofApp = checks.filter(check => check.source === 'check-run' && check.app === app);
      return ofApp.length > 0 && ofApp.every(check => check.attempt !== attempt);
    }
  };
}
