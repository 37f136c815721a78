/** OpenSSH's ssh-keygen, with which git verifies signatures. */
import { findOnPath } from '../../src/host/executable.ts';

/** What the name of a test says that is skipped without it; empty where it is. */
export function keygenProblem(): string {
  return findOnPath(['ssh-keygen'], process.env['PATH'] ?? '') === undefined
    ? ' (skipped: no ssh-keygen)'
    : '';
}
