/** REST: a file written through the API, which is one commit on its branch. */
import { readCommit, readPath, resolveRef } from '../git/objects.ts';
import { commitTree, updateRef, writeTree } from '../git/write.ts';
import { identityOf } from '../acts/act.ts';
import { afterRefMove } from '../acts/push.ts';
import { ApiError, notFound, unprocessable } from '../http/errors.ts';
import { created, ok, param, requiredText, text, type Call, type Reply } from '../http/exchange.ts';
import { repositoryRoute, type Route } from '../http/route.ts';
import { renderEntry, renderGitCommit } from '../render/git.ts';
import { atLeast } from '../world.ts';

export const contentRoutes = (): Route[] => [
  repositoryRoute('PUT /contents/{path}', { permissions: ['contents'], role: 'write' }, writeContents),
];

async function writeContents(call: Call): Promise<Reply> {
  const { dir } = call.repository;
  const path = param(call, 'path').replace(/^\/+|\/+$/g, '');
  const branch = text(call.body, 'branch') ?? call.repository.defaultBranch;
  const parent = await branchTip(call, branch);
  const [before] = (await readPath(dir, parent, path)) ?? [];
  refuseBlindWrite({ path, before: before?.sha, given: text(call.body, 'sha') });
  const content = Buffer.from(requiredText(call.body, 'content'), 'base64');
  const message = requiredText(call.body, 'message');
  const tree = await writeTree(dir, parent, { [path]: content });
  const sha = await commitTree(dir, { tree, parents: [parent], message, author: identityOf(call) });
  const ref = `refs/heads/${branch}`;
  if (!(await updateRef(dir, { ref, newSha: sha, oldSha: parent })))
    throw new ApiError(409, `${branch} moved meanwhile`);
  await afterRefMove(call, { ref, before: parent, after: sha });
  const body = await rendered(call, { sha, path, branch });
  return before === undefined ? created(body) : ok(body);
}

async function branchTip(call: Call, branch: string): Promise<string> {
  const tip = await resolveRef(call.repository.dir, `refs/heads/${branch}`);
  if (tip === undefined) throw new ApiError(404, `Branch ${branch} not found`);
  const refused = call.repository.protections.get(branch)?.refusePush === true;
  if (refused && !atLeast(call.role, 'admin'))
    throw new ApiError(
      409,
      'Repository rule violations found\n\nChanges must be made through a pull request.',
    );
  return tip;
}

/** Overwriting a file requires its current blob id. */
function refuseBlindWrite(write: {
  path: string;
  before?: string | undefined;
  given?: string | undefined;
}): void {
  const { path, before, given } = write;
  if (before !== undefined && given === undefined)
    throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.');
  if (given !== undefined && given !== before) throw new ApiError(409, `${path} does not match ${given}`);
}

async function rendered(
  call: Call,
  at: { sha: string; path: string; branch: string },
): Promise<Record<string, unknown>> {
  const { dir } = call.repository;
  const [entry] = (await readPath(dir, at.sha, at.path)) ?? [];
  if (entry === undefined) throw notFound();
  const commit = await readCommit(dir, at.sha);
  return {
    content: renderEntry({ ...call, ref: at.branch, entry }),
    commit: renderGitCommit(call.world, call.repository, commit),
  };
}
