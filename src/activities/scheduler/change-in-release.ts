/** Finds commits of a release that contain the merge but not its change: reverted, or overwritten. */
import type { EffectContext } from '../../contracts/activities.ts';
import type { ChangeMissing } from '../../domain/state/release.ts';
import { findChange, parentOf } from '../../git/change-presence.ts';
import type { History } from '../../git/history.ts';
import { ensureMirror, fetchRef, type Mirror, resolve } from '../../git/mirror.ts';
import type { GitRemote } from '../../git/remote.ts';
import { mirrorKey } from '../change.ts';
import { repositoryOf } from '../effect-context.ts';
import { changePorts } from './change-ports.ts';
import type { SchedulerPorts } from './ports.ts';

export interface ReleasePlace {
  readonly where: ChangeMissing['where'];
  /** A commit, or the name of a branch. */
  readonly of: { readonly commit: string } | { readonly branch: string };
}

export interface ChangeQuestion {
  readonly context: EffectContext;
  /** The merged commit. */
  readonly change: string;
  readonly places: readonly ReleasePlace[];
  readonly history: History;
}

const PATHS_SHOWN = 10;

/** One fetch by git for each place, and no request to the API. */
export async function missingChanges(
  ports: SchedulerPorts,
  { context, change, places, history }: ChangeQuestion,
): Promise<readonly ChangeMissing[]> {
  if (places.length === 0) return [];
  const repository = repositoryOf(context);
  const from: Source = {
    mirror: await ensureMirror({ root: ports.mirrorsDir, key: mirrorKey(repository.id, history) }),
    remote: changePorts(ports, context).remote(repository),
    history,
  };
  const missing: ChangeMissing[] = [];
  for (const { where, of } of places) {
    const commit = 'branch' in of ? await fetchRef({ ...from, ref: `refs/heads/${of.branch}` }) : of.commit;
    if (commit === undefined) continue;
    const found = await missingAt(from, change, commit);
    if (found !== undefined) missing.push({ where, commit, ...found });
  }
  return missing;
}

interface Source {
  readonly mirror: Mirror;
  readonly remote: GitRemote;
  readonly history: History;
}

async function missingAt(
  from: Source,
  change: string,
  at: string,
): Promise<Pick<ChangeMissing, 'how' | 'paths' | 'pathsInAll'> | undefined> {
  const isKnown = (await has(from, change)) && (await has(from, at)) && (await hasParent(from, change));
  const { presence, paths } = isKnown
    ? await findChange({ mirror: from.mirror, change, at })
    : { presence: 'unclear' as const, paths: [] };
  if (presence === 'present') return undefined;
  return { how: presence, paths: paths.slice(0, PATHS_SHOWN), pathsInAll: paths.length };
}

/** A squashed commit is on no branch; GitHub still serves it, as long as the pull request exists. */
async function has(from: Source, commit: string): Promise<boolean> {
  return (
    (await resolve(from.mirror, commit)) !== undefined ||
    (await fetchRef({ ...from, ref: commit })) !== undefined
  );
}

async function hasParent(from: Source, commit: string): Promise<boolean> {
  const parent = await parentOf({ mirror: from.mirror }, commit);
  return parent !== undefined && (await has(from, parent));
}
