/** Ends the boxes of runners that are dead: a sandbox of Codex's outlives who started it. */
import { dirsLeftBehind, removeDirs } from '../box-name.ts';
import { killBox } from './processes.ts';

export async function sweepSandboxes(): Promise<readonly string[]> {
  const dirs = await dirsLeftBehind();
  const ended: string[] = [];
  for (const dir of dirs) {
    const dies = await killBox(dir).then(
      () => true,
      () => false,
    );
    if (dies) ended.push(dir);
  }
  await removeDirs(ended);
  return ended;
}
