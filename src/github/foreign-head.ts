/** Reads the commits that others left on our branch: one comparison with the target branch. */
import { z } from 'zod';
import {
  AUTHOR_CHARS_MAX,
  type CommitAuthor,
  FOREIGN_AUTHORS_MAX,
  FOREIGN_COMMITS_MAX,
  type ForeignCommit,
  type ForeignHead,
} from '../domain/foreign-head.ts';
import { askOrUndefined } from './ask.ts';
import type { GitHub } from './client.ts';
import { compare } from './commits.ts';
import type { RepositoryName } from './credential.ts';

export interface ForeignHeadInput extends RepositoryName {
  /** The target branch. */
  readonly into: string;
  readonly head: string;
  /** The commit that we left on the branch. */
  readonly ours: string;
}

/** Costs a second request if our commit is not among the commits: then the branch may have been replaced. */
export async function readForeignHead(github: GitHub, input: ForeignHeadInput): Promise<ForeignHead> {
  const { owner, repo, into, head, ours } = input;
  const asked = github.rest.repos.compareCommitsWithBasehead({
    owner,
    repo,
    basehead: `${into}...${head}`,
    // One more than can be adopted, for ours.
    per_page: FOREIGN_COMMITS_MAX + 1,
  });
  const found = await askOrUndefined(asked, ComparedCommits);
  // No common commit: GitHub cannot compare them.
  if (found === undefined) return { head, total: 0, commits: [], authors: [], isOnOurs: false };
  const theirs = found.commits.filter(({ sha }) => sha !== ours);
  const isListed = theirs.length < found.commits.length;
  const authors = authorsOf(theirs);
  return {
    head,
    total: found.total_commits - (isListed ? 1 : 0),
    commits: theirs.slice(0, FOREIGN_COMMITS_MAX).map(foreignCommit),
    authors: authors.slice(0, FOREIGN_AUTHORS_MAX),
    ...(authors.length > FOREIGN_AUTHORS_MAX ? { isCrowd: true } : {}),
    isOnOurs: isListed || (await contains(github, input)),
  };
}

/** Before the first push, ours is a commit of the target branch, which the comparison does not list. */
async function contains(github: GitHub, { owner, repo, head, ours }: ForeignHeadInput): Promise<boolean> {
  const position = await compare(github, { owner, repo, base: ours, head });
  return position === 'ahead' || position === 'identical';
}

function foreignCommit({ sha, author, commit }: ComparedCommit): ForeignCommit {
  const by = author?.login ?? commit.author?.name ?? 'unknown';
  return { id: sha, by: cut(by), isSigned: commit.verification?.verified === true };
}

function authorsOf(commits: readonly ComparedCommit[]): readonly CommitAuthor[] {
  const all = commits.flatMap(({ commit: { author } }) =>
    author === null ? [] : [{ name: cut(author.name ?? ''), email: author.email ?? '' }],
  );
  const distinct = new Map(all.map(author => [`${author.name}\n${author.email}`, author]));
  // A longer address is not shortened: it would be another one.
  return [...distinct.values()].filter(({ email }) => email.length <= AUTHOR_CHARS_MAX);
}

function cut(text: string): string {
  return text.slice(0, AUTHOR_CHARS_MAX);
}

const ComparedCommitAnswer = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  /** The account of the author, if GitHub knows it. */
  author: z.object({ login: z.string().optional() }).nullable(),
  commit: z.object({
    author: z.object({ name: z.string().optional(), email: z.string().optional() }).nullable(),
    verification: z.object({ verified: z.boolean() }).optional(),
  }),
});
type ComparedCommit = z.infer<typeof ComparedCommitAnswer>;

const ComparedCommits = z.object({
  total_commits: z.int().nonnegative(),
  commits: z.array(ComparedCommitAnswer).max(FOREIGN_COMMITS_MAX + 1),
});
