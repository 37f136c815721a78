/** The section `target` of the policy file: the branch that changes go to. */
import { z } from 'zod';
import { branchOwner } from '../domain/branch.ts';
import type { TargetPolicy } from '../domain/policy.ts';
import { isSafeRef } from '../git/mirror.ts';
import { section } from './policy-section.ts';

/** GitHub's refs have at most 255 bytes, with `refs/heads/`. */
const BRANCH_BYTES_MAX = 244;
const NAMED_MAX = 50;
/** GitHub's bounds of a label's name and of a milestone's title. */
const LABEL_CHARS_MAX = 50;
const MILESTONE_CHARS_MAX = 255;

function refuse(name: string, context: z.RefinementCtx): void {
  const problem = branchProblem(name);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
}

const branchName = z.string().superRefine(refuse);

function branchProblem(name: string): string | undefined {
  if (!isSafeRef(name) || Buffer.byteLength(name) > BRANCH_BYTES_MAX)
    return `a branch name as git allows it, without refs/heads/, of at most ${BRANCH_BYTES_MAX} bytes`;
  if (name.startsWith('refs/')) return 'the name of a branch without refs/heads/';
  return branchOwner(name) === undefined ? undefined : 'this is the name of a claim branch';
}

/** GitHub does not distinguish the names by case, so neither must the keys. */
const branchBy = (keyCharsMax: number) =>
  z
    .record(z.string().min(1).max(keyCharsMax), branchName)
    .superRefine((named, context) => {
      const keys = Object.keys(named);
      if (keys.length > NAMED_MAX)
        context.addIssue({ code: 'custom', message: `at most ${NAMED_MAX} entries` });
      const folded = keys.map(key => key.toLowerCase());
      const twice = keys.find((_, index) => folded.indexOf(folded[index] ?? '') < index);
      if (twice !== undefined)
        context.addIssue({ code: 'custom', path: [twice], message: 'named twice; case does not matter' });
    })
    .default({});

export const target = section({
  branch: z
    .string()
    .superRefine((name, context) => {
      if (name !== '') refuse(name, context);
    })
    .default('')
    .describe(
      'the branch that changes go to: claims start there, pull requests and merges go there. Empty: the default branch',
    ),
  byLabel: branchBy(LABEL_CHARS_MAX).describe(
    'a map of labels to branches: the change of an issue with the label goes to that branch instead. Case does not matter',
  ),
  byMilestone: branchBy(MILESTONE_CHARS_MAX).describe(
    'a map of titles of milestones to branches. Case does not matter',
  ),
  policy: z
    .enum(['default', 'branch'])
    .default('default')
    .describe(
      '`branch`: the policy file on the target branch says which commands of `setup` and `verification` run for its issues, see [above](#the-target-branch). Everything else always comes from the file on the default branch',
    ),
}).transform(({ branch, byLabel, byMilestone, policy }): TargetPolicy => ({
  ...(branch === '' ? {} : { branch }),
  ...(Object.keys(byLabel).length === 0 ? {} : { byLabel }),
  ...(Object.keys(byMilestone).length === 0 ? {} : { byMilestone }),
  ...(policy === 'default' ? {} : { policy }),
}));
