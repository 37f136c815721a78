/** Locks a folder for one `up` or `demo` at a time: both write the settings there that the other commands read. */
import { mkdirSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { acquireFileLock } from '../../../host/file-lock.ts';
import { readSettingsFile } from '../../../local/settings-file.ts';
import type { Cli } from '../cli.ts';
import { CliError, EXIT } from '../exit.ts';

/** Returns the function that unlocks the folder. Throws `CliError` when it is locked. */
export function lockFolder({ workingDirectory }: Cli): () => void {
  const file = join(workingDirectory, '.signalbox', 'up.lock');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
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
