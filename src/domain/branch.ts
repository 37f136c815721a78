/** Claim branches: maps issue and generation to the branch name, and back. */
import { withoutEnd } from './without-end.ts';

export interface BranchOwner {
  readonly issueNumber: number;
  readonly generation: number;
}

const PREFIX = 'ai/issue-';
const FORM = /^ai\/issue-([1-9][0-9]{0,9})-[a-z0-9-]+?(?:-g([1-9][0-9]{0,5}))?$/;
const SLUG_CHARS_MAX = 40;
/** GitHub's titles have 256. Normalising takes quadratic time for some texts. */
const TITLE_CHARS_MAX = 1_000;

/** `ai/issue-<n>-<slug>`, with `-g<k>` from the second generation on. The slug is for readers only. */
export function claimBranchName(owner: BranchOwner, title: string): string {
  const generation = owner.generation > 1 ? `-g${owner.generation}` : '';
  return `${branchesOf(owner.issueNumber)}${slugOf(title)}${generation}`;
}

/** The common prefix of an issue's claim branches in all generations. */
export function branchesOf(issueNumber: number): string {
  return `${PREFIX}${issueNumber}-`;
}

/** The branch for the change of a run by hand. It claims no issue. */
export function handBranch(title: string): string {
  return `ai/by-hand-${slugOf(title)}`;
}

/** The issue and generation that own the branch; `undefined` when it is not a claim branch. */
export function branchOwner(branch: string): BranchOwner | undefined {
  const [, issueNumber, generation] = FORM.exec(branch) ?? [];
  if (issueNumber === undefined) return undefined;
  return { issueNumber: Number(issueNumber), generation: Number(generation ?? '1') };
}

/** A title as part of a branch name: lower-case letters, digits and dashes, never empty. */
export function slugOf(title: string): string {
  const dashed = title
    .slice(0, TITLE_CHARS_MAX)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_CHARS_MAX);
  const words = withoutEnd(dashed, '-')
    .replace(/^-/, '')
    // The end of a title must not be read as a generation suffix.
    .replace(/-g(\d+)$/, '-$1');
  return words === '' ? 'work' : words;
}
