/** REST: branches, commits, comparisons and file contents, read from git. */
import {
  countCommits,
  diffFiles,
  isDirectory,
  listCommits,
  mergeBase,
  readBlob,
  readCommit,
  readPath,
} from '../git/objects.ts';
import { resolveRef } from '../git/objects.ts';
import { encodeContent, renderCommit, renderEntry, renderFileChange } from '../render/git.ts';
import { repositoryApi, repositoryWeb } from '../render/repository.ts';
import { renderBranchProtection } from '../render/rules.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { ok, param, type Call, type Reply } from '../http/exchange.ts';
import { protectionsOf } from '../world.ts';
import { repositoryRoute, type Route } from '../http/route.ts';
import { commitOf } from './lookup.ts';

const contents = { permissions: ['contents'] };

export const commitRoutes = (): Route[] => [
  repositoryRoute('GET /branches/{branch}', contents, readBranch),
  repositoryRoute('GET /compare/{basehead}', contents, compare),
  repositoryRoute('GET /contents/{path}', contents, readContents),
  // last: its {ref} would swallow the longer paths below /commits
  repositoryRoute('GET /commits/{ref}', contents, readOne),
];

const COMPARED_MAX = 250;

const commitJson = async (call: Call, sha: string): Promise<Record<string, unknown>> =>
  renderCommit(call.world, call.repository, await readCommit(call.repository.dir, sha));

async function readBranch(call: Call): Promise<Reply> {
  const name = param(call, 'branch');
  const sha = await resolveRef(call.repository.dir, `refs/heads/${name}`);
  if (sha === undefined) throw new ApiError(404, 'Branch not found');
  const url = `${repositoryApi(call.world, call.repository)}/branches/${name}`;
  const protections = protectionsOf(call.repository, name);
  return ok({
    name,
    commit: await commitJson(call, sha),
    _links: { self: url, html: `${repositoryWeb(call.world, call.repository)}/tree/${name}` },
    protected: protections.length > 0,
    protection: renderBranchProtection(protections),
    protection_url: `${url}/protection`,
  });
}

async function readOne(call: Call): Promise<Reply> {
  const sha = await commitOf(call, param(call, 'ref'));
  const commit = await readCommit(call.repository.dir, sha);
  const from = commit.parents[0];
  const files = from === undefined ? [] : await diffFiles(call.repository.dir, from, sha);
  return ok({
    ...renderCommit(call.world, call.repository, commit),
    stats: stats(files),
    files: files.map(file => renderFileChange({ ...call, sha, file })),
  });
}

function stats(files: readonly { additions: number; deletions: number }[]): Record<string, number> {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return { additions, deletions, total: additions + deletions };
}

function relation(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

async function compare(call: Call): Promise<Reply> {
  const spec = param(call, 'basehead');
  const [baseName = '', headName = ''] = spec.split('...').map(name => name.replace(/^[\w-]+:/, ''));
  const { dir } = call.repository;
  const [base, head] = await Promise.all([commitOrMissing(call, baseName), commitOrMissing(call, headName)]);
  const shared = await mergeBase(dir, base, head);
  if (shared === undefined)
    throw new ApiError(404, `No common ancestor between ${baseName} and ${headName}.`);
  const ahead = await countCommits(dir, `${base}..${head}`);
  const behind = await countCommits(dir, `${head}..${base}`);
  const commits = await listCommits(dir, `${base}..${head}`);
  const files = await diffFiles(dir, shared, head);
  const web = `${repositoryWeb(call.world, call.repository)}/compare/${spec}`;
  return ok({
    url: `${repositoryApi(call.world, call.repository)}/compare/${spec}`,
    html_url: web,
    permalink_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    base_commit: await commitJson(call, base),
    merge_base_commit: await commitJson(call, shared),
    status: relation(ahead, behind),
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: commits
      .slice(0, Number(call.query.get('per_page') ?? COMPARED_MAX))
      .map(commit => renderCommit(call.world, call.repository, commit)),
    files: files.map(file => renderFileChange({ ...call, sha: head, file })),
  });
}

/** For an unknown commit, comparing answers 404; reading it answers 422. */
async function commitOrMissing(call: Call, name: string): Promise<string> {
  try {
    return await commitOf(call, name);
  } catch (error) {
    throw error instanceof ApiError ? notFound() : error;
  }
}

async function readContents(call: Call): Promise<Reply> {
  const ref = call.query.get('ref') ?? call.repository.defaultBranch;
  const path = param(call, 'path').replace(/^\/+|\/+$/g, '');
  const { dir } = call.repository;
  const commit = await commitOrMissing(call, ref);
  const entries = await readPath(dir, commit, path);
  if (entries === undefined) throw notFound();
  const rendered = entries.map(entry => ({ entry, json: renderEntry({ ...call, ref, entry }) }));
  if (await isDirectory(dir, commit, path)) return ok(rendered.map(({ json }) => json));
  const [file] = rendered;
  if (file === undefined) throw notFound();
  const blob = await readBlob(dir, file.entry.sha);
  if (file.entry.mode === '120000') return ok({ ...file.json, target: blob.toString() });
  return ok({ ...file.json, encoding: 'base64', content: encodeContent(blob) });
}
