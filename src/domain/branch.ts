/** The claim branch: its name maps to the issue and the generation, and back. */

export interface BranchOwner {
  readonly issueNumber: number;
  readonly generation: number;
}

const PREFIX = 'ai/issue-';
const FORM = /^ai\/issue-([1-9][0-9]{0,9})-[a-z0-9-]+?(?:-g([1-9][0-9]{0,5}))?$/;
const SLUG_CHARS_MAX = 40;

/** `ai/issue-<n>-<slug>`, and `-g<k>` from the second generation on. The slug is decoration only. */
export function claimBranchName(owner: BranchOwner, title: string): string {
  const generation = owner.generation > 1 ? `-g${owner.generation}` : '';
  return `${branchesOf(owner.issueNumber)}${slugOf(title)}${generation}`;
}

/** How the names of all branches of an issue begin, of whatever generation. */
export function branchesOf(issueNumber: number): string {
  return `${PREFIX}${issueNumber}-`;
}

/** The branch of a change that a person had made by hand: it claims nothing. */
export function handBranch(title: string): string {
  return `ai/by-hand-${slugOf(title)}`;
}

/** Whose branch this is, or `undefined` when it is none of ours. */
export function branchOwner(branch: string): BranchOwner | undefined {
  const [, issueNumber, generation] = FORM.exec(branch) ?? [];
  if (issueNumber === undefined) return undefined;
  return { issueNumber: Number(issueNumber), generation: Number(generation ?? '1') };
}

/** A title as part of a name: lower-case letters, digits and dashes, never empty. */
export function slugOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_CHARS_MAX)
    .replace(/^-+|-+$/g, '')
    // A title that ends like a generation mark must not be read as one.
    .replace(/-g(\d+)$/, '-$1');
  return words === '' ? 'work' : words;
}
