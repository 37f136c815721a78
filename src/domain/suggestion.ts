/**
 * Suggestions of reviewers on lines of the diff: what a comment suggests, and what a file becomes. As GitHub's “Commit
 * suggestion”, but every new line ends as the file's lines do. What is not surely a suggestion is none.
 */

/** Of one comment; GitHub allows eight times as many. */
export const SUGGESTION_CHARS_MAX = 8_000;
/** That one run applies. */
export const SUGGESTIONS_MAX = 100;

/** A comment on lines of the diff, as far as it matters for what it suggests. */
export interface SuggestingComment {
  readonly path: string;
  /** 1-based, of the file of `commit`; absent for a comment on the whole file. */
  readonly lines?:
    { readonly from: number; readonly to: number; readonly side: 'LEFT' | 'RIGHT' } | undefined;
  /** The first and the last line are on different sides of the diff. */
  readonly isAcross?: boolean;
  /** GitHub does not find its lines in the present diff. */
  readonly isOutdated?: boolean;
  /** The part of the diff with the comment, from its header on. */
  readonly hunk: string;
  readonly commit: string;
  readonly body: string;
}

/** Replaces lines of one file. */
export interface SuggestedEdit {
  readonly path: string;
  /** 1-based; both lines are replaced too. */
  readonly from: number;
  readonly to: number;
  /** Each new line ends with a line feed. Empty: the lines are deleted. */
  readonly text: string;
}

export interface SuggestionProblem {
  readonly problem: string;
}

/** What the comments of one review suggest; `undefined` if none of them suggests anything. */
export function suggestedBy(
  comments: readonly SuggestingComment[],
): { readonly commit: string; readonly edits: readonly SuggestedEdit[] } | SuggestionProblem | undefined {
  if (!comments.some(({ body }) => hasSuggestion(body))) return undefined;
  const edits: SuggestedEdit[] = [];
  for (const comment of comments) {
    const edit = editOf(comment);
    if ('problem' in edit) return edit;
    edits.push(edit);
  }
  const [{ commit } = { commit: '' }] = comments;
  return comments.some(other => other.commit !== commit)
    ? { problem: 'its comments are on different commits' }
    : { commit, edits };
}

function hasSuggestion(body: string): boolean {
  return body.includes('suggestion') && body.split(LINE_BREAK).some(line => OPENING.test(line));
}

function editOf(comment: SuggestingComment): SuggestedEdit | SuggestionProblem {
  const { path, lines, isAcross, isOutdated, hunk } = comment;
  if (lines === undefined) return { problem: `a comment is on the whole file ${path}` };
  const { from, to, side } = lines;
  if (side === 'LEFT' || isAcross === true) return { problem: `a comment is on deleted lines of ${path}` };
  if (isOutdated === true) return { problem: `a comment is on lines of ${path} that have changed since` };
  if (!isInHunk(hunk, from, to)) return { problem: `a comment is on lines of ${path} outside the diff` };
  const read = suggestionText(comment.body);
  return 'problem' in read ? read : { path, from, to, text: read.text };
}

/** Lines of the file after the change, by the header of the hunk. Without a count it has one line. */
function isInHunk(hunk: string, from: number, to: number): boolean {
  const [, start = '', count = '1'] = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(hunk) ?? [];
  const first = Number(start);
  return start !== '' && from >= first && to < first + Number(count);
}

/** The body and the mark of a fence: up to three blanks, its marks, and the words after them. */
const OPENING = /^( {0,3})(`{3,}|~{3,})[ \t]*suggestion[ \t]*$/;
const LINE_BREAK = /\r\n|\r|\n/;
/** Git keeps no text with it, and readers do not see it. */
const NUL = '\0';

/** The text of the only suggestion block of a comment that says nothing else. */
export function suggestionText(body: string): { readonly text: string } | SuggestionProblem {
  if (body.length > SUGGESTION_CHARS_MAX)
    return { problem: `a comment has more than ${SUGGESTION_CHARS_MAX} characters` };
  if (body.includes(NUL)) return { problem: 'a comment has a character that no text file has' };
  const lines = withoutBlankEnds(body.split(LINE_BREAK));
  const [, indent = '', marks = ''] = OPENING.exec(lines[0] ?? '') ?? [];
  if (marks === '') return { problem: 'a comment has other words than a suggestion' };
  const end = lines.findIndex((line, at) => at > 0 && isClosing(line, marks));
  if (end === -1) return { problem: 'a suggestion has no end' };
  if (end < lines.length - 1) return { problem: 'a comment has other words than one suggestion' };
  const text = lines.slice(1, end).map(line => `${withoutIndent(line, indent.length)}\n`);
  return { text: text.join('') };
}

function withoutBlankEnds(lines: readonly string[]): readonly string[] {
  const isText = (line: string): boolean => line.trim() !== '';
  const first = lines.findIndex(isText);
  return first === -1 ? [] : lines.slice(first, lines.findLastIndex(isText) + 1);
}

/** As many marks as the opening has, or more, and nothing else: shorter fences are part of the suggestion. */
function isClosing(line: string, marks: string): boolean {
  const [before = '', found = ''] = /^ {0,3}(`+|~+)/.exec(line) ?? [];
  return found.startsWith(marks) && /^[ \t]*$/.test(line.slice(before.length));
}

/** An indented fence takes as many blanks from its lines, as far as they have them. */
function withoutIndent(line: string, blanks: number): string {
  const has = /^ */.exec(line)?.[0].length ?? 0;
  return line.slice(Math.min(blanks, has));
}

/** The file after the edits, or why they cannot be applied to it. Lines end with a line feed, as git counts them. */
export function withEdits(
  file: string,
  edits: readonly SuggestedEdit[],
): { readonly text: string } | SuggestionProblem {
  const lines = linesIn(file);
  const ordered = [...edits].sort((one, other) => one.from - other.from);
  const parts: string[] = [];
  let done = 0;
  for (const edit of ordered) {
    const problem = placeProblem(edit, lines.length, done);
    if (problem !== undefined) return { problem };
    const kept = lines.slice(done, edit.from - 1).join('');
    const before = lines.slice(edit.from - 1, edit.to).join('');
    const after = replacement(lines, edit);
    if (before === after) return { problem: `a suggestion for ${placeText(edit)} changes nothing` };
    parts.push(kept, after);
    done = edit.to;
  }
  return { text: [...parts, lines.slice(done).join('')].join('') };
}

/** `done`: the last line that an edit before it replaces. */
function placeProblem(edit: SuggestedEdit, lines: number, done: number): string | undefined {
  const { from, to } = edit;
  const isRange = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 1 && from <= to;
  if (!isRange || to > lines) return `a suggestion is for ${placeText(edit)}, which the file does not have`;
  return from <= done ? `two suggestions are for ${placeText({ ...edit, to: from })}` : undefined;
}

function placeText({ path, from, to }: SuggestedEdit): string {
  return from === to ? `line ${to} of ${path}` : `lines ${from} to ${to} of ${path}`;
}

/** Each with its end; the last one may have none. */
function linesIn(file: string): readonly string[] {
  const texts = file.split('\n');
  const last = texts.pop() ?? '';
  return [...texts.map(text => `${text}\n`), ...(last === '' ? [] : [last])];
}

/** The new lines end as the file's do; a last line without an end stays without one. */
function replacement(lines: readonly string[], { from, to, text }: SuggestedEdit): string {
  const last = lines[to - 1] ?? '';
  const around = [lines[from - 1], lines[from - 2]].find(line => line?.endsWith('\n') === true) ?? '\n';
  const ended = around.endsWith('\r\n') ? text.replaceAll('\n', '\r\n') : text;
  if (last.endsWith('\n')) return ended;
  return ended.replace(/\r?\n$/, '');
}
