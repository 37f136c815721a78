/** A reply that quotes a question of the agent answers it, also without the command `/answer`. */
import { commandsIn, type SaidCommand } from './command.ts';
import { quotedAndSaid } from './command-lines.ts';
import { currentRun } from './facts.ts';
import { asksPeople } from './next-step.ts';
import type { IssueState } from './state.ts';

/** What the open question says, as the hold shows it; empty if none is open. */
export function questionsOpen(state: IssueState): readonly string[] {
  if (!asksPeople(state)) return [];
  const { summary = '', questions = [] } = currentRun(state)?.end ?? {};
  return [summary, ...questions];
}

/** For a comment without a command. Whatever else people quote is talk among themselves. */
export function quotedAnswer(comment: string, questions: readonly string[]): readonly SaidCommand[] {
  const { quoted, said } = quotedAndSaid(comment);
  const isReply = said !== '' && questions.some(question => isQuoted(question, quoted));
  return isReply ? commandsIn(`/answer ${said}`) : [];
}

/** Posted text has other marks than the question, so only letters and digits count. A long question may be quoted in part. */
function isQuoted(question: string, quoted: string): boolean {
  const [whole, part] = [letters(question), letters(quoted)];
  if (whole === '') return false;
  return part.includes(whole) || (part.length >= PART_CHARS_MIN && whole.includes(part));
}

const PART_CHARS_MIN = 15;

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
