/** GitHub's bounds on posted text, and forms that keep them: a text is bounded as a whole, after everything is escaped. */
import { type IssueRef, issueName } from './issue-ref.ts';

/** The body of a comment, an issue or a pull request has one character more (REST: Issues, Pulls); this is a check run's summary. */
export const BODY_CHARS_MAX = 65_535;

/**
 * The first text that fits, of one with the whole lists and others with only their first entries; else the short text,
 * which must be bounded by itself.
 */
export function firstThatFits(text: (listedMax: number) => string, short: () => string): string {
  for (const listedMax of LISTED_MAX) {
    const whole = text(listedMax);
    if (whole.length <= BODY_CHARS_MAX) return whole;
  }
  return short();
}

const LISTED_MAX: readonly number[] = [Infinity, 20, 5];

export interface PostedList {
  readonly listedMax: number;
  /** The command that prints all entries. */
  readonly where: string;
}

/** The first lines of a list, and how many more there are. */
export function listed(lines: readonly string[], { listedMax, where }: PostedList): readonly string[] {
  const more = lines.length - listedMax;
  return more > 0 ? [...lines.slice(0, listedMax), moreLine(more, where)] : lines;
}

export function moreLine(more: number, where: string): string {
  return `- and ${more} more: ${where}`;
}

/** Inline code with the command that prints what a form leaves out. */
export function shownBy(command: 'evidence' | 'show', issue: IssueRef): string {
  return `\`signalbox ${command} ${issueName(issue)}\``;
}
