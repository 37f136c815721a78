/**
 * Whether the bytes that a run left still fit where the default branch has moved on: they are whole files, so on a file
 * that is another one now they would take back what others did to it.
 */
import type { ChangeEntry } from '../../contracts/change-manifest.ts';
import { rawChanges } from '../../git/objects.ts';
import { type ChangeInput, type ChangePorts, mirrorWith } from '../change.ts';
import { loadManifest } from '../stored.ts';

/** The files of the change, each touched on the way from the run's base to the present one as well; sorted. */
export async function outdatedPaths(ports: ChangePorts, input: ChangeInput): Promise<readonly string[]> {
  const { plan, repository, signal } = input;
  const { base, from } = plan;
  if (from === undefined) return [];
  const manifest = await loadManifest(ports.artifacts, plan.manifest);
  if ('problem' in manifest) return [];
  await mirrorWith(ports, { repository, commit: base, signal });
  const mirror = await mirrorWith(ports, { repository, commit: from, signal });
  const moved = (await rawChanges({ mirror }, from, base)).map(({ path }) => path);
  return clashes(manifest.entries, moved);
}

function clashes(entries: readonly ChangeEntry[], moved: readonly string[]): readonly string[] {
  const taken = new Set(moved.flatMap(withFolders));
  const files = new Set(moved);
  return entries
    .map(({ path }) => path)
    .filter(path => taken.has(path) || withFolders(path).some(folder => files.has(folder)))
    .sort();
}

/** `a/b/c` with `a/b` and `a`: a file and a folder of one name cannot both be. */
function withFolders(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
