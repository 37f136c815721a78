/** `line`: one table for each target branch. */
import type { LineView, TargetLine } from '../../../domain/line/view.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { plain, relativeTime, shortCommit } from './text.ts';

export function lineLines({ repository, targets }: LineView, terminal: Terminal): readonly string[] {
  if (targets.length === 0) return [`${plain(repository)}: no change waits to be merged`];
  return targets.flatMap((target, index) => [...(index === 0 ? [] : ['']), ...targetLines(target, terminal)]);
}

function targetLines({ target, places }: TargetLine, { paint, now, width }: Terminal): readonly string[] {
  const cells = (text: (place: TargetLine['places'][number]) => string): readonly string[] =>
    places.map(text);
  return [
    paint.bold(`into ${plain(target)}`),
    ...table(
      [
        { title: 'PLACE', cells: cells(({ place }) => String(place)) },
        { title: 'ISSUE', cells: cells(({ issue }) => `#${issue}`), colour: paint.cyan },
        { title: 'HEAD', cells: cells(({ head }) => plain(shortCommit(head))) },
        { title: 'APPROVED', cells: cells(({ approvedAt }) => relativeTime(approvedAt, now)) },
        {
          title: 'TURN',
          cells: cells(({ turnSince }) => (turnSince === null ? 'waits' : relativeTime(turnSince, now))),
        },
      ],
      paint,
      width,
    ),
  ];
}
