/**
 * Shows the evidence on its commit. Of the commit statuses of one name the latest counts, so writing one again changes
 * nothing; a check run is looked up by the digest of the evidence before it is written again.
 */
import { POLICY_PATH } from '../../config/policy-file.ts';
import type { EffectInput, SchedulerActivities } from '../../contracts/activities.ts';
import { isRepeated } from '../../contracts/retries.ts';
import { EVIDENCE_CONTEXT } from '../../domain/own-check.ts';
import { createCheckRun, hasCheckRun } from '../../github/check-runs.ts';
import type { GitHub } from '../../github/client.ts';
import { createStatus } from '../../github/commits.ts';
import type { Attempted } from '../effect.ts';
import type { SchedulerPorts } from './ports.ts';

export function publishEvidence({
  github,
}: SchedulerPorts): Attempted<SchedulerActivities['publishEvidence']> {
  return async (input, attempt) => {
    const { digest, as } = input.effect;
    // Only an App can write a check run.
    if (as === 'check' && github.credentialKind === 'app')
      await asCheckRun(github, input, isRepeated(attempt));
    else await asStatus(github, input);
    return { type: 'evidence-published', digest };
  };
}

type Input = EffectInput<'publish-evidence'>;

async function asStatus(github: GitHub, { context: { issue }, effect }: Input): Promise<void> {
  await createStatus(github, {
    ...{ owner: issue.owner, repo: issue.repo, sha: effect.commit, context: EVIDENCE_CONTEXT },
    // A status has no state for concerns; its description names them.
    state: effect.conclusion === 'failure' ? 'failure' : 'success',
    description: effect.title,
    ...(effect.url === '' ? {} : { targetUrl: effect.url }),
  });
}

async function asCheckRun(
  github: GitHub,
  { context: { issue }, effect }: Input,
  isAgain: boolean,
): Promise<void> {
  const { commit: sha, digest: externalId, conclusion, title, summary, url, annotations } = effect;
  const place = { owner: issue.owner, repo: issue.repo, sha, name: EVIDENCE_CONTEXT, externalId };
  if (isAgain && (await hasCheckRun(github, place))) return;
  await createCheckRun(github, {
    ...{ ...place, conclusion, title, summary },
    annotations: annotations.map(annotation => ({ path: POLICY_PATH, ...annotation })),
    ...(url === '' ? {} : { detailsUrl: url }),
  });
}
