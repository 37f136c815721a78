/** Locks a folder for one `up` or `demo` at a time: both write the settings there that the other commands read. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { acquireFileLock } from '../../../host/file-lock.ts';
import { ForeignFiles, ownUid } from '../../../host/foreign-files.ts';
import { openFolder } from '../../../host/open-folder.ts';
import { readSettingsFile } from '../../../local/settings-file.ts';
import type { Cli } from '../cli.ts';
import { CliError, EXIT } from '../exit.ts';

/** Returns the function that unlocks the folder. Throws when it is locked, or when somebody else made what is in it. */
export function lockFolder({ workingDirectory }: Cli): () => void {
  const file = join(workingDirectory, '.signalbox', 'up.lock');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  claim(dirname(file));
  const answer = acquireFileLock(file);
  if (answer.kind === 'held') throw locked('up', answer.pid);
  const unlock = (): void => {
    answer.lock.release();
    removeIfEmpty(dirname(file));
  };
  const left = readSettingsFile(workingDirectory);
  if (left.kind !== 'live' || left.settings.owner.pid === process.pid) return unlock;
  unlock();
  throw locked(left.settings.command, left.settings.owner.pid);
}

/**
 * Temporal's database in it decides what is done with this person's credentials. What Signalbox makes there is private, so
 * a folder that others can open came with a checkout or from another user.
 */
function claim(folder: string): void {
  const open = openFolder(folder);
  try {
    if (open.stats.uid !== ownUid())
      throw new ForeignFiles(`${folder} belongs to user ${open.stats.uid}`, 'work in another folder');
    chmodSync(open.at, 0o700);
    for (const name of readdirSync(open.at)) {
      const stats = lstatSync(join(open.at, name));
      const isOurs = stats.isFile() || (stats.isDirectory() && (stats.mode & 0o077) === 0);
      if (stats.uid === ownUid() && isOurs) continue;
      throw new ForeignFiles(
        `${join(folder, name)} is not as Signalbox makes it: private to this user, and no link`,
        'remove it, or work in another folder',
      );
    }
  } finally {
    open.close();
  }
}

function locked(command: string, pid: number): CliError {
  return new CliError(EXIT.no, {
    what: `\`signalbox ${command}\` is already running in this folder (process ${pid})`,
    fix: 'stop it, or work in another folder',
  });
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // The folder is not empty.
  }
}
