/** The repository's facts, our login there, and single files. */
import { z } from 'zod';
import { ask, askOrUndefined } from './ask.ts';
import type { MergeMethod } from '../domain/policy.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { GitHubFailure } from './failure.ts';

export interface Repository {
  /** Survives renames and transfers. */
  readonly id: number;
  readonly owner: string;
  readonly repo: string;
  readonly defaultBranch: string;
  /** The git remote: from GitHub's response, never built from the API URL. */
  readonly cloneUrl: string;
  readonly private: boolean;
  readonly archived: boolean;
  readonly htmlUrl: string;
  /** How pull requests may be merged; absent: GitHub does not tell it this credential. */
  readonly mergeMethods?: readonly MergeMethod[];
  /** The setting “Allow auto-merge”; absent: GitHub does not tell it this credential. */
  readonly allowAutoMerge?: boolean;
  /** What the credential's role allows; absent for some Apps. */
  readonly permissions: RepositoryPermissions | undefined;
}

export interface RepositoryPermissions {
  readonly admin: boolean;
  readonly push: boolean;
  readonly pull: boolean;
}

export async function getRepository(github: GitHub, { owner, repo }: RepositoryName): Promise<Repository> {
  return await ask(github.rest.repos.get({ owner, repo }), RepositoryAnswer);
}

/** The login of our own comments; an App's is `slug[bot]`. */
export async function whoAmI(github: GitHub): Promise<string> {
  if (github.credentialKind === 'app') return await ask(github.rest.apps.getAuthenticated(), AppAnswer);
  return await ask(github.rest.users.getAuthenticated(), UserAnswer);
}

export interface ContentsInput extends RepositoryName {
  readonly path: string;
  readonly ref: string;
}

/** The file's text at that ref; undefined when the file does not exist. */
export async function getContents(github: GitHub, input: ContentsInput): Promise<string | undefined> {
  const { owner, repo, path, ref } = input;
  const found = await askOrUndefined(
    github.rest.repos.getContent({ owner, repo, path, ref }),
    ContentsAnswer,
  );
  if (found === undefined) return undefined;
  if (found.type !== 'file') throw unusable(`${path} is a ${found.type}, not a file`);
  if (found.encoding === 'base64') return Buffer.from(found.content, 'base64').toString('utf8');
  throw unusable(`${path} is too large for the GitHub API (${found.size} bytes)`);
}

export interface FolderEntry {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** The entries of a folder at that ref; undefined when there is no such folder. */
export async function getFolder(github: GitHub, input: ContentsInput): Promise<FolderEntry[] | undefined> {
  const { owner, repo, path, ref } = input;
  const found = await askOrUndefined(github.rest.repos.getContent({ owner, repo, path, ref }), FolderAnswer);
  return Array.isArray(found) ? found : undefined;
}

function unusable(message: string): GitHubFailure {
  const requestRoute = 'GET /repos/{owner}/{repo}/contents/{path}';
  return new GitHubFailure({ kind: 'invalid', requestRoute, message });
}

const RepositoryAnswer = z
  .object({
    id: z.number(),
    name: z.string(),
    owner: z.object({ login: z.string() }),
    default_branch: z.string(),
    clone_url: z.string(),
    private: z.boolean(),
    archived: z.boolean().default(false),
    html_url: z.string(),
    permissions: z.object({ admin: z.boolean(), push: z.boolean(), pull: z.boolean() }).optional(),
    allow_merge_commit: z.boolean().optional(),
    allow_squash_merge: z.boolean().optional(),
    allow_rebase_merge: z.boolean().optional(),
    allow_auto_merge: z.boolean().optional(),
  })
  .transform((answer): Repository => ({
    id: answer.id,
    owner: answer.owner.login,
    repo: answer.name,
    defaultBranch: answer.default_branch,
    cloneUrl: answer.clone_url,
    private: answer.private,
    archived: answer.archived,
    htmlUrl: answer.html_url,
    permissions: answer.permissions,
    ...(answer.allow_auto_merge === undefined ? {} : { allowAutoMerge: answer.allow_auto_merge }),
    ...mergeMethodsOf({
      merge: answer.allow_merge_commit,
      squash: answer.allow_squash_merge,
      rebase: answer.allow_rebase_merge,
    }),
  }));

function mergeMethodsOf(
  allowed: Readonly<Record<MergeMethod, boolean | undefined>>,
): Pick<Repository, 'mergeMethods'> {
  const told = (Object.keys(allowed) as MergeMethod[]).filter(method => allowed[method] !== undefined);
  return told.length === 0 ? {} : { mergeMethods: told.filter(method => allowed[method] === true) };
}

const AppAnswer = z.object({ slug: z.string().min(1) }).transform(app => `${app.slug}[bot]`);
const UserAnswer = z.object({ login: z.string().min(1) }).transform(user => user.login);
const FolderAnswer = z.union([
  z.array(z.object({ name: z.string(), type: z.string(), size: z.number() })),
  z.object({ type: z.string() }),
]);
/** For a folder, GitHub returns the list of its entries. */
const ContentsAnswer = z.union([
  z.object({ type: z.literal('file'), encoding: z.string(), size: z.number(), content: z.string() }),
  z.object({ type: z.enum(['symlink', 'submodule']) }),
  z.array(z.unknown()).transform(() => ({ type: 'folder' as const })),
]);
