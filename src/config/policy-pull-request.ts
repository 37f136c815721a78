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

export const pullRequest = section({ title }).transform(({ title: form }): PullRequestPolicy => ({
  ...(form === '' ? {} : { title: form }),
}));
