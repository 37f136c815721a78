/** The place of an issue in the line of merges, for commands that show one issue. */
import type { IssueRef } from '../../domain/issue-ref.ts';
import { placeText } from '../../domain/line/words.ts';
import { ClientProblem } from '../temporal/client-problem.ts';
import type { Temporal } from '../temporal/connection.ts';
import { readLine } from '../temporal/line.ts';
import type { IssueLook } from '../temporal/look.ts';

/** As the line says now: the issue itself knows only that it waits. `undefined` without a place. */
export async function presentPlace(
  temporal: Temporal,
  issue: IssueRef,
  look: IssueLook,
): Promise<string | undefined> {
  if (look.kind !== 'running' || look.view?.line === undefined) return undefined;
  try {
    return placeText(await readLine(temporal, issue), issue.number) ?? 'the line does not know it yet';
  } catch (error) {
    if (!(error instanceof ClientProblem)) throw error;
    return `the line does not answer: ${error.message}`;
  }
}
