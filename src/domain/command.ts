/**
 * Commands in comments: their one parser and their one printer. A command is its words and nothing else; whatever else
 * stands on its line makes it unclear, and it is refused by name. What was meant as one and is not written as one is
 * refused too, with what was meant.
 */
import { type CommandLine, commandLines, type NearMiss } from './command-lines.ts';
import { COMMAND_FORMS, excerpt } from './command-words.ts';
import { type DecisionKind, type DecisionRequest, REASON_CHARS_MAX } from './decision.ts';

/** More commands in one comment are a mistake or an attack: none of them is taken. */
export const COMMANDS_MAX = 10;
const MEANT_CHARS_MAX = 120;

export interface SaidCommand {
  /** Counts the commands of the comment, from 0. */
  readonly position: number;
  /** What was understood. */
  readonly request: DecisionRequest;
  /** Why it is refused in every state, and what to write instead. */
  readonly unclear?: string;
  /** It is only near a command: people who may not decide get no answer. */
  readonly near?: true;
}

/**
 * The commands of a comment that begins with one, quotes aside, and what was meant as one. Quotes, code fences and HTML
 * comments have none. The work is linear in the length of the comment.
 */
export function commandsIn(comment: string): readonly SaidCommand[] {
  const lines = commandLines(comment);
  if (lines.length > COMMANDS_MAX) return tooMany(lines);
  const kinds = lines.filter(({ near }) => near === undefined).map(({ kind }) => kind);
  return lines.map((line, position) => {
    const { unclear, ...request } = understood(line);
    const { near } = line;
    if (near !== undefined)
      return { position, request, unclear: nearMissText(line, near, { ...request }), near: true };
    const why = unclear ?? contradiction(line.kind, kinds);
    return { position, request, ...(why === undefined ? {} : { unclear: why }) };
  });
}

/** The one line that {@link commandsIn} reads back as the same request. */
export function commandText({ kind, gate, digest, head, reason, to, mode }: DecisionRequest): string {
  const words = [gate, digest, head, to === undefined ? undefined : `@${to}`, mode];
  const said = [...words, reason === undefined ? undefined : oneLine(reason)];
  return [`/${kind}`, ...said.filter(word => word !== undefined && word !== '')].join(' ');
}

function nearMissText({ kind, text }: CommandLine, near: NearMiss, request: DecisionRequest): string {
  const isBare = Object.keys(request).length === 1 && text !== '';
  const meant = isBare ? COMMAND_FORMS[kind].form : excerpt(commandText(request), MEANT_CHARS_MAX);
  switch (near.because) {
    case 'spelling':
      return `“${near.word}” is not a command; did you mean ${meant}?`;
    case 'marks':
      return `a command stands on its line without marks; write ${meant}`;
    case 'late':
      return `a comment has commands only if it begins with one; write ${meant} in a new comment`;
  }
}

/** One refusal for each kind, so that no comment causes a long answer. */
function tooMany(lines: readonly CommandLine[]): readonly SaidCommand[] {
  const unclear = `the comment has ${lines.length} commands, but at most ${COMMANDS_MAX} are read; write them in several comments`;
  const kinds = [...new Set(lines.map(({ kind }) => kind))];
  const near = lines.every(line => line.near !== undefined) ? ({ near: true } as const) : {};
  return kinds.map((kind, position) => ({ position, request: { kind }, unclear, ...near }));
}

/** Someone who says yes and no to a gate in one comment has decided nothing. */
function contradiction(kind: DecisionKind, all: readonly DecisionKind[]): string | undefined {
  const isYes = (other: DecisionKind): boolean => other === 'approve' || other === 'verify-release';
  const isAbout = isYes(kind) || kind === 'reject';
  return isAbout && all.some(isYes) && all.includes('reject')
    ? 'the comment approves and rejects; write the one that you mean in a new comment'
    : undefined;
}

function understood({
  kind,
  text,
  more: lines,
}: CommandLine): DecisionRequest & { readonly unclear?: string } {
  const { form, read, takesReason } = COMMAND_FORMS[kind];
  const { more = '', meant, ...found } = read(takesReason ? [text, ...lines].join(' ').trim() : text);
  const request = { kind, ...found };
  if (more === '') return withBoundedReason(request);
  const isGuess = meant !== undefined;
  const isKnown = isGuess || Object.keys(found).length > 0;
  const write = isKnown ? commandText({ ...request, ...meant }) : form;
  const why = `“${excerpt(more)}” is not part of the command; `;
  return { ...request, unclear: isGuess ? `${why}did you mean ${write}?` : `${why}write ${write}` };
}

/** Half a reason could say the opposite. */
function withBoundedReason(request: DecisionRequest): DecisionRequest & { readonly unclear?: string } {
  const { kind, reason: { length } = '' } = request;
  if (length <= REASON_CHARS_MAX) return request;
  const unclear = `the reason has ${length} characters, but at most ${REASON_CHARS_MAX} are read; shorten it, or put it into the issue`;
  return { kind, unclear };
}

function oneLine(text: string): string {
  const lines = text.split(/[\r\n]+/).map(line => line.trim());
  return lines.filter(line => line !== '').join(' ');
}
