/** Finds the branch because of which git cannot create another one: a ref is a file, so it cannot also be a folder. */
import type { GitHub } from '../../github/client.ts';
import { type BranchInput, getRef, matchingRefs } from '../../github/refs.ts';

/** `ai` is in the way of `ai/issue-1-x`, and so is `ai/issue-1-x/y`. Asked only after GitHub refused the branch. */
export async function branchInTheWay(github: GitHub, place: BranchInput): Promise<string | undefined> {
  for (const branch of above(place.branch))
    if ((await getRef(github, { ...place, branch })) !== undefined) return branch;
  const [below] = await matchingRefs(github, { ...place, prefix: `${place.branch}/` });
  return below?.branch;
}

/** `a/b/c` gives `a` and `a/b`. */
function above(branch: string): readonly string[] {
  const parts = branch.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
