/** The section `checks` of the policy file. What has its default is left out, so that older policies keep their digests. */
import { z } from 'zod';
import { CHECKS_PATIENCE_MS, type ChecksPolicy } from '../domain/policy.ts';
import { duration, word } from './policy-kinds.ts';
import { as, section } from './policy-section.ts';

const names = z.array(word).max(50).default([]);

export const checks = section({
  required: names.describe(
    'names of the check runs and commit statuses that must pass before the merge gate, besides those that the rules of the target branch require; see [below](#checks-of-ci)',
  ),
  apps: names.describe(
    'slugs of the GitHub Apps whose check runs count, such as `github-actions`; commit statuses then do not count. Empty: every report counts',
  ),
  patience: as(
    'patienceMs',
    duration
      .prefault(`${CHECKS_PATIENCE_MS / 3_600_000}h`)
      .describe('the time that CI has for the checks of one commit; then a person is asked'),
  ),
  rerun: z
    .boolean()
    .default(true)
    .describe('runs a failed check again once, to find flaky ones, before it costs an attempt'),
}).transform(({ required, apps, patienceMs, rerun }): ChecksPolicy => ({
  ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
  ...(apps.length === 0 ? {} : { apps: [...new Set(apps)] }),
  ...(patienceMs === CHECKS_PATIENCE_MS ? {} : { patienceMs }),
  ...(rerun ? {} : { rerun }),
}));
