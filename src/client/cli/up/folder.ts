/** One `up` (or one `demo`) works in a folder at a time: both leave the settings there that the other commands read. */
import { rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { acquireFileLock } from '../../../host/file-lock.ts';
import { readSettingsFile } from '../../../local/settings-file.ts';
import type { Cli } from '../cli.ts';
import { CliError, EXIT } from '../exit.ts';

/** Answers how to give the folder free again. Throws `CliError` when it is taken. */
export function takeFolder({ workingDirectory }: Cli): () => void {
  const file = join(workingDirectory, '.signalbox', 'up.lock');
  const answer = acquireFileLock(file);
  if (answer.kind === 'held') throw taken('up', answer.pid);
  const free = (): void => {
    answer.lock.release();
    removeIfEmpty(dirname(file));
  };
  const left = readSettingsFile(workingDirectory);
  if (left.kind !== 'live' || left.settings.owner.pid === process.pid) return free;
  free();
  throw taken(left.settings.command, left.settings.owner.pid);
}

function taken(command: string, pid: number): CliError {
  return new CliError(EXIT.no, {
    what: `\`signalbox ${command}\` runs in this folder already (process ${pid})`,
    fix: 'stop it, or work in another folder',
  });
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is kept there.
  }
}
