/** Commits of others on the branch: what `adopt` would take in. */
import { commitsText, shortHead } from '../../../domain/foreign-head.ts';
import type { ForeignView } from '../../../domain/view.ts';
import type { Paint } from '../cli.ts';
import { plain } from './text.ts';

export function foreignCommitLines(issue: string, found: ForeignView, paint: Paint): readonly string[] {
  return [
    paint.bold(`${plain(issue)}: ${plain(commitsText(found))} on the branch`),
    ...found.commits.map(({ id, by, isSigned }) => {
      const signed = isSigned ? '' : paint.yellow('  without a verified signature');
      return `  ${shortHead(id)}  ${plain(by)}${signed}`;
    }),
    `  head  ${paint.bold(shortHead(found.head))}`,
  ];
}
