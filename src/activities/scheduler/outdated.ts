/**
 * Finds the files of a change that also changed on the target branch since the run started. A change consists of complete
 * files, so applying it there would revert the other commits.
 */
import type { ChangeEntry } from '../../contracts/change-manifest.ts';
import { historyOf } from '../../git/history.ts';
import { rawChanges } from '../../git/objects.ts';
import { type ChangeInput, type ChangePorts, mirrorWith } from '../change.ts';
import { loadManifest } from '../stored.ts';

/** Files of the change that also differ between the run's base and the current one; sorted. */
export async function outdatedPaths(ports: ChangePorts, input: ChangeInput): Promise<readonly string[]> {
  const { plan, repository, policy, signal } = input;
  const history = historyOf(policy.workspace);
  const { base, from } = plan;
  if (from === undefined) return [];
  const manifest = await loadManifest(ports.artifacts, plan.manifest);
  if ('problem' in manifest) return [];
  await mirrorWith(ports, { repository, commit: base, history, signal });
  const mirror = await mirrorWith(ports, { repository, commit: from, history, signal });
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

/** `a/b/c` gives `a`, `a/b` and `a/b/c`: a path cannot be both a file and a folder. */
function withFolders(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
