/** What our commit and the pull request say of adopted commits. Names and addresses are others' words: checked and bounded. */
import { actorName } from './actor.ts';
import { AUTHOR_CHARS_MAX, commitsText, type CommitAuthor, shortHead } from './foreign-head.ts';
import { neutralise, plainLine } from './posted-text.ts';
import type { Adopted, RunFacts } from './state/work.ts';

const LINE_CHARS_MAX = 600;

/** The lines that our commit's message gets at its end; empty for a change without adopted commits. */
export function adoptedMessage(adopted: Adopted | undefined): string {
  if (adopted === undefined) return '';
  const line = plainLine(adoptedLine(adopted), LINE_CHARS_MAX);
  const trailers = [...new Set(adopted.authors.flatMap(author => trailerOf(author) ?? []))];
  return `${line}\n${trailers.length === 0 ? '' : `\n${trailers.join('\n')}\n`}`;
}

/** “Contains 2 commits by ann (head 1a2b3c4d5e6f), adopted by ben.” */
function adoptedLine(adopted: Adopted): string {
  return `Contains ${commitsText(adopted)} (head ${shortHead(adopted.head)}), adopted by ${actorName(adopted.by)}.`;
}

/** The first line of the pull request. */
export function madeByText(run: RunFacts | undefined): string {
  const { runId = '', adopted } = run ?? {};
  const agent = `made by a coding agent in run \`${runId}\` and verified by the scheduler.`;
  if (adopted === undefined) return agent;
  return `made by a coding agent and people, and verified by the scheduler as run \`${runId}\`. ${neutralise(adoptedLine(adopted), LINE_CHARS_MAX)}`;
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
