/** The section `evidence` of the policy file. It is left out when it has its default, so that older policies keep their digests. */
import { z } from 'zod';
import { EVIDENCE_PLACES, type PolicyValues } from '../domain/policy.ts';
import { section } from './policy-section.ts';

export const evidence = section({
  publish: z
    .enum(['none', ...EVIDENCE_PLACES])
    .default('none')
    .describe(
      'where the evidence is also shown, before the pull request is opened: `status`: as the commit status `signalbox/evidence`; `check`: as a check run of that name with an annotation for each check that failed, which only an App with the permission `checks: write` can write (without an App, a status). One more request for each commit',
    ),
}).transform(({ publish }): Pick<PolicyValues, 'evidence'> =>
  publish === 'none' ? {} : { evidence: { publish } },
);
