/** Git's objects in the shapes of GitHub's REST API. */
import type { Buffer } from 'node:buffer';
import type { Json, Repository } from '../model.ts';
import type { FileChange, GitCommit, GitRef, TreeEntry } from '../git/objects.ts';
import type { World } from '../world.ts';
import { nodeId, renderNullable } from './account.ts';
import { repositoryApi, repositoryWeb } from './repository.ts';

/** `123+login@users.noreply.github.com` is how a commit names its GitHub account. */
function accountByEmail(world: World, email: string): Json | null {
  const login = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(email)?.[1];
  return renderNullable(
    world,
    login === undefined ? null : (world.accounts.get(login.toLowerCase()) ?? null),
  );
}

/** GitHub signs what is committed on its pages. Here the committer alone tells that. */
function verificationOf({ committer }: GitCommit): Json {
  const isOnPage = committer.email === 'noreply@github.com';
  return {
    verified: isOnPage,
    reason: isOnPage ? 'valid' : 'unsigned',
    signature: null,
    payload: null,
    verified_at: isOnPage ? committer.date : null,
  };
}

export function renderCommit(world: World, repository: Repository, commit: GitCommit): Json {
  const api = repositoryApi(world, repository);
  const web = repositoryWeb(world, repository);
  return {
    url: `${api}/commits/${commit.sha}`,
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    html_url: `${web}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    commit: {
      url: `${api}/git/commits/${commit.sha}`,
      author: { ...commit.author },
      committer: { ...commit.committer },
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      comment_count: 0,
      verification: verificationOf(commit),
    },
    author: accountByEmail(world, commit.author.email),
    committer: accountByEmail(world, commit.committer.email),
    parents: commit.parents.map(sha => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${web}/commit/${sha}`,
    })),
  };
}

/** A commit as the git database API and the contents API return it: without accounts. */
export function renderGitCommit(world: World, repository: Repository, commit: GitCommit): Json {
  const { sha, node_id, html_url, commit: inner, parents } = renderCommit(world, repository, commit);
  return { ...(inner as Json), sha, node_id, html_url, parents };
}

export function renderRef(world: World, repository: Repository, ref: GitRef): Json {
  const api = repositoryApi(world, repository);
  return {
    ref: ref.ref,
    node_id: nodeId('REF', ref.ref),
    url: `${api}/git/${ref.ref}`,
    object: { type: ref.type, sha: ref.sha, url: `${api}/git/${ref.type}s/${ref.sha}` },
  };
}

export function renderFileChange(context: {
  world: World;
  repository: Repository;
  sha: string;
  file: FileChange;
}): Json {
  const { world, repository, sha, file } = context;
  const web = repositoryWeb(world, repository);
  const path = encodeURI(file.filename);
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${web}/blob/${sha}/${path}`,
    raw_url: `${web}/raw/${sha}/${path}`,
    contents_url: `${repositoryApi(world, repository)}/contents/${path}?ref=${sha}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previous === undefined ? {} : { previous_filename: file.previous }),
  };
}

const entryKinds: Readonly<Record<string, string>> = { tree: 'dir', commit: 'submodule' };

export function renderEntry(context: {
  world: World;
  repository: Repository;
  ref: string;
  entry: TreeEntry;
}): Json {
  const { world, repository, ref, entry } = context;
  const api = repositoryApi(world, repository);
  const web = repositoryWeb(world, repository);
  const path = encodeURI(entry.path);
  const kind = entry.type === 'tree' ? 'tree' : 'blob';
  const urls = {
    url: `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`,
    html_url: `${web}/${kind}/${ref}/${path}`,
    git_url: `${api}/git/${kind}s/${entry.sha}`,
  };
  return {
    name: entry.path.split('/').at(-1) ?? '',
    path: entry.path,
    sha: entry.sha,
    size: entry.size,
    ...urls,
    download_url: entry.type === 'blob' ? `${web}/raw/${ref}/${path}` : null,
    type: entry.mode === '120000' ? 'symlink' : (entryKinds[entry.type] ?? 'file'),
    _links: { self: urls.url, git: urls.git_url, html: urls.html_url },
  };
}

/** GitHub breaks the base64 into lines of 60 characters. */
export const encodeContent = (content: Buffer): string =>
  content.toString('base64').replace(/(.{60})/g, '$1\n') + '\n';
