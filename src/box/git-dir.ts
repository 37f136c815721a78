/** Whether a workspace has a real `.git` directory. A link or a file of that name comes from the agent. */
import { lstat } from 'node:fs/promises';
import path from 'node:path';

export async function hasGitDir(workspaceDir: string | undefined): Promise<boolean> {
  if (workspaceDir === undefined) return false;
  return lstat(path.join(workspaceDir, '.git')).then(
    stats => stats.isDirectory(),
    () => false,
  );
}
