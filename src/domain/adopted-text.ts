/** What our commit and the pull request say of what people wrote in the change. Names and addresses are others' words: checked and bounded. */
import { actorName } from './actor.ts';
import { AUTHOR_CHARS_MAX, commitsText, type CommitAuthor, shortHead } from './foreign-head.ts';
import { neutralise, plainLine } from './posted-text.ts';
import type { Adopted, RunFacts } from './state/work.ts';
import { suggestedLine, suggesterAsAuthor } from './suggested-text.ts';

const LINE_CHARS_MAX = 600;

/** The lines that our commit's message gets at its end; empty for a change without adopted commits. */
export function adoptedMessage(adopted: Adopted | undefined): string {
  return adopted === undefined ? '' : creditText([adoptedLine(adopted)], adopted.authors);
}

/** The same for everything that people wrote in the result of the run. */
export function creditMessage({ adopted, suggestedBy }: RunFacts): string {
  if (suggestedBy === undefined) return adoptedMessage(adopted);
  const lines = [...(adopted === undefined ? [] : [adoptedLine(adopted)]), suggestedLine(suggestedBy)];
  return creditText(lines, [...(adopted?.authors ?? []), ...suggestedBy.map(suggesterAsAuthor)]);
}

/** Lines of a commit's message, and the trailers of authors at its end. */
function creditText(lines: readonly string[], authors: readonly CommitAuthor[]): string {
  const said = lines.map(line => `${plainLine(line, LINE_CHARS_MAX)}\n`);
  const trailers = [...new Set(authors.flatMap(author => trailerOf(author) ?? []))];
  return `${said.join('')}${trailers.length === 0 ? '' : `\n${trailers.join('\n')}\n`}`;
}

/** “Contains 2 commits by ann (head 1a2b3c4d5e6f), adopted by ben.” */
function adoptedLine(adopted: Adopted): string {
  return `Contains ${commitsText(adopted)} (head ${shortHead(adopted.head)}), adopted by ${actorName(adopted.by)}.`;
}

/** The first line of the pull request. */
export function madeByText(run: RunFacts | undefined): string {
  const { runId = '', adopted, suggestedBy } = run ?? {};
  const agent = `made by a coding agent in run \`${runId}\` and verified by the scheduler.`;
  const lines = [
    ...(adopted === undefined ? [] : [adoptedLine(adopted)]),
    ...(suggestedBy === undefined ? [] : [suggestedLine(suggestedBy)]),
  ];
  if (lines.length === 0) return agent;
  const people = lines.map(line => neutralise(line, LINE_CHARS_MAX)).join(' ');
  return `made by a coding agent and people, and verified by the scheduler as run \`${runId}\`. ${people}`;
}

/** What a reviewer must know, in the evidence. */
export function adoptedConcern(adopted: Adopted): string {
  const unsigned = adopted.total - adopted.commits.filter(({ isSigned }) => isSigned).length;
  const signed =
    unsigned === 0
      ? ''
      : `; ${unsigned} of them without a verified signature, so their authors are not proven`;
  return `${commitsText(adopted)} on the branch (head ${shortHead(adopted.head)}), adopted by ${actorName(adopted.by)}, are part of the change${signed}`;
}

/** A plain address, as GitHub gives accounts. Anything else could be another trailer, a mention or a command. */
const ADDRESS = /^[A-Za-z0-9._%+-]+(?:\[bot\])?@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/;

/** The trailer that GitHub shows as an author; none for an author without a usable address. */
function trailerOf({ name, email }: CommitAuthor): string | undefined {
  if (email.length > AUTHOR_CHARS_MAX || !ADDRESS.test(email)) return undefined;
  const shown = plainLine(name.replace(/[<>]/g, ' '), AUTHOR_CHARS_MAX);
  return `Co-authored-by: ${shown === '' ? 'unknown' : shown} <${email}>`;
}
