/** Ends the boxes of runners that are dead: a sandbox of Codex's outlives who started it. */
import { dirsLeftBehind, removeDirs } from '../box-name.ts';
import { killBox } from './processes.ts';

export async function sweepSandboxes(): Promise<readonly string[]> {
  const dirs = await dirsLeftBehind();
  for (const dir of dirs) await killBox(dir);
  await removeDirs(dirs);
  return dirs;
}
