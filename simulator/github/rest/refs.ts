/** REST: git references. Creating one is the claim with a single winner: git itself decides the race. */
import { isAncestor, listRefs, type GitRef } from '../git/objects.ts';
import { deleteRef, updateRef, zeroId } from '../git/write.ts';
import { tryGit } from '../git/run.ts';
import { renderRef } from '../render/git.ts';
import { afterRefMove } from '../acts/push.ts';
import { atLeast, protectionsOf } from '../world.ts';
import { notFound, unprocessable } from '../http/errors.ts';
import {
  created,
  flag,
  noContent,
  ok,
  param,
  requiredText,
  type Call,
  type Reply,
} from '../http/exchange.ts';
import { paginated } from '../http/pages.ts';
import { repositoryRoute, type Route } from '../http/route.ts';

const read = { permissions: ['contents'] };
const write = { permissions: ['contents'], role: 'write' } as const;

export const refRoutes = (): Route[] => [
  repositoryRoute('GET /git/ref/{ref}', read, async call => ok(rendered(call, await refOf(call)))),
  repositoryRoute('GET /git/matching-refs/{ref}', read, matchingRefs),
  repositoryRoute('POST /git/refs', write, createRef),
  repositoryRoute('PATCH /git/refs/{ref}', write, moveRef),
  repositoryRoute('DELETE /git/refs/{ref}', write, dropRef),
];

const rendered = (call: Call, ref: GitRef): Record<string, unknown> =>
  renderRef(call.world, call.repository, ref);

const findRef = async (call: Call, name: string): Promise<GitRef | undefined> =>
  (await listRefs(call.repository.dir, name)).find(ref => ref.ref === name);

async function refOf(call: Call): Promise<GitRef> {
  const ref = await findRef(call, `refs/${param(call, 'ref')}`);
  if (ref === undefined) throw notFound();
  return ref;
}

async function matchingRefs(call: Call): Promise<Reply> {
  const refs = await listRefs(call.repository.dir, `refs/${param(call, 'ref')}`);
  return paginated(call, refs, ref => rendered(call, ref));
}

const validName = async (call: Call, ref: string): Promise<boolean> =>
  /^refs\/(heads|tags)\//.test(ref) &&
  (await tryGit(call.repository.dir, ['check-ref-format', ref])) !== undefined;

async function requireCommit(call: Call, sha: string): Promise<void> {
  const exists =
    /^[0-9a-f]{40}$/.test(sha) && (await tryGit(call.repository.dir, ['cat-file', '-e', sha])) !== undefined;
  if (!exists) throw unprocessable('Object does not exist');
}

async function createRef(call: Call): Promise<Reply> {
  const ref = requiredText(call.body, 'ref');
  const sha = requiredText(call.body, 'sha');
  if (!(await validName(call, ref))) throw unprocessable(`Reference name '${ref}' is not valid.`);
  await requireCommit(call, sha);
  if (protectionsOf(call.repository, ref.replace('refs/heads/', '')).some(rules => rules.restrictCreations))
    throw unprocessable(
      'Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n',
    );
  if (!(await updateRef(call.repository.dir, { ref, newSha: sha, oldSha: zeroId }))) {
    throw unprocessable(
      (await findRef(call, ref)) === undefined ? 'Reference update failed' : 'Reference already exists',
    );
  }
  await afterRefMove(call, { ref, before: zeroId, after: sha });
  return created(rendered(call, { ref, type: 'commit', sha }));
}

async function existingRef(call: Call): Promise<GitRef> {
  const ref = await findRef(call, `refs/${param(call, 'ref')}`);
  if (ref === undefined) throw unprocessable('Reference does not exist');
  const branch = ref.ref.replace('refs/heads/', '');
  const protection = call.repository.protections.get(branch);
  if (protection?.refusePush === true && !atLeast(call.role, 'admin'))
    throw unprocessable('Cannot update this protected ref.');
  return ref;
}

async function moveRef(call: Call): Promise<Reply> {
  const { ref, sha: before } = await existingRef(call);
  const sha = requiredText(call.body, 'sha');
  await requireCommit(call, sha);
  const forced = flag(call.body, 'force') === true;
  if (!forced && !(await isAncestor(call.repository.dir, before, sha)))
    throw unprocessable('Update is not a fast forward');
  const moved = await updateRef(call.repository.dir, { ref, newSha: sha, oldSha: before });
  if (!moved) throw unprocessable('Reference cannot be updated');
  await afterRefMove(call, { ref, before, after: sha });
  return ok(rendered(call, { ref, type: 'commit', sha }));
}

async function dropRef(call: Call): Promise<Reply> {
  const { ref, sha } = await existingRef(call);
  if (!(await deleteRef(call.repository.dir, ref, sha))) throw unprocessable('Reference cannot be deleted');
  await afterRefMove(call, { ref, before: sha, after: zeroId });
  return noContent;
}
