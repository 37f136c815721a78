/** The section `pullRequest` of the policy file. What has its default is left out, so that older policies keep their digests. */
import { z } from 'zod';
import type { PullRequestPolicy } from '../domain/policy.ts';
import { TITLE_FORM_CHARS_MAX, titleFormProblem } from '../domain/pull-request-title.ts';
import { section } from './policy-section.ts';

const title = z
  .string()
  .max(TITLE_FORM_CHARS_MAX)
  .regex(/^[^\r\n]*$/, 'one line')
  .superRefine((form, context) => {
    const problem = form === '' ? undefined : titleFormProblem(form);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .default('')
  .describe(
    'the form of the title, such as `fix: {title} {issue}`, with `{title}` (of the issue), `{issue}` (`(#12)`), `{risk}` and `{mode}`; also of the merge commit. Empty: `{title} {issue}`',
  );

const draft = z
  .boolean()
  .default(false)
  .describe(
    'opened as a draft, and marked as ready for review when the required checks of CI have passed; only then people are asked. A repository without drafts, or where nothing can be required, gets it as ready',
  );

export const pullRequest = section({ title, draft }).transform((file): PullRequestPolicy => ({
  ...(file.title === '' ? {} : { title: file.title }),
  ...(file.draft ? { draft: true } : {}),
}));
