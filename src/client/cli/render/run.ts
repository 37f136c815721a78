/** `run`: the result as text, and the command that fetches the branch. */
import type { HandResult } from '../run/by-hand.ts';
import { checkLine } from './evidence.ts';
import type { Terminal } from './terminal.ts';
import { count, durationText, plain, shortCommit } from './text.ts';

export function handLines(result: HandResult, terminal: Terminal): readonly string[] {
  const { paint } = terminal;
  const { run, change, branch } = result;
  const verdict = result.outcome === 'no' ? paint.red('failed') : paint.green(result.outcome);
  return [
    `${paint.bold(plain(result.issue))}  ${verdict}: ${plain(result.why)}`,
    `mode ${result.mode}, risk ${result.risk.level}, base ${shortCommit(result.base)}`,
    `${plain(run.agent)} ended as ${run.ending} after ${durationText(run.durationMs)}: ${plain(run.summary)}`,
    ...(change === null
      ? []
      : [`commit ${shortCommit(change.commit)}, ${count(change.files.length, 'file')}`]),
    ...(change?.protectedPaths ?? []).map(path => paint.yellow(`  protected ${plain(path)}`)),
    ...result.refusals.map(refusal =>
      paint.red(`  refused ${plain(refusal.path)}: ${plain(refusal.reason)}`),
    ),
    ...result.checks.map(check => checkLine(check, terminal)),
    ...result.concerns.map(concern => paint.red(`  concern: ${plain(concern)}`)),
    `evidence: ${plain(result.folder)}`,
    ...(branch === null ? [] : [`fetch it: ${plain(branch.fetch)}`]),
  ];
}
