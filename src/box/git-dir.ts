/** Whether a workspace has git's own directory: a link or a file of that name is the agent's. */
import { lstat } from 'node:fs/promises';
import path from 'node:path';

export async function hasGitDir(workspaceDir: string | undefined): Promise<boolean> {
  if (workspaceDir === undefined) return false;
  return lstat(path.join(workspaceDir, '.git')).then(
    stats => stats.isDirectory(),
    () => false,
  );
}
