/**
 * Comments of people. A command that is taken is written back as its own line; a decision needs a line that is exactly a
 * command; and whatever a comment says, it is answered in bounded length.
 */
import fc from 'fast-check';
import { COMMANDS_MAX, commandsIn, commandText, type SaidCommand } from '../../../src/domain/command.ts';
import { DECISION_KINDS, GATES } from '../../../src/domain/decision.ts';
import { MODES } from '../../../src/domain/mode.ts';
import { fuzzTarget } from '../target.ts';
import { outsideText, shortText } from '../texts.ts';

const UNCLEAR_CHARS_MAX = 300;

const words = fc.oneof(
  fc.constantFrom(...GATES, ...MODES, '@lead', '@a-b', 'sha256:', 'and', 'merge'),
  fc.stringMatching(/^[0-9a-f]{0,64}$/),
  shortText,
);
const blanks = fc.constantFrom(' ', '  ', '\t', '', '\u00a0', '\u2028');
const line = fc
  .tuple(
    fc.constantFrom('', '', '', ' ', '> ', '    ', '- '),
    fc.constantFrom(...DECISION_KINDS, 'Approve', 'approved', ''),
    fc.array(fc.tuple(blanks, words), { maxLength: 4 }),
  )
  .map(([before, kind, rest]) => `${before}/${kind}${rest.flat().join('')}`);
const between = fc.constantFrom('', '```', '````', '~~~ sh', '<!--', '-->', '> so', 'text', '- a');
const comment = fc
  .array(fc.oneof({ weight: 3, arbitrary: line }, between), { maxLength: 14 })
  .map(lines => lines.join('\n'));

export const target = fuzzTarget({
  name: 'commands',
  inputs: fc.oneof({ weight: 3, arbitrary: comment }, outsideText),
  check: text => {
    const said = commandsIn(text);
    if (said.length > COMMANDS_MAX) throw new Error(`${said.length} commands`);
    const lines = text.split(/\r\n|\n|\r/);
    for (const [index, command] of said.entries()) {
      if (command.position !== index) throw new Error('a position is not the number of the command');
      checkOne(command, lines);
    }
    const kinds = said.filter(({ unclear }) => unclear === undefined).map(({ request }) => request.kind);
    if (kinds.includes('reject') && (kinds.includes('approve') || kinds.includes('verify-release')))
      throw new Error('yes and no are both taken');
  },
});

function checkOne({ request, unclear }: SaidCommand, lines: readonly string[]): void {
  if (unclear !== undefined) {
    if (unclear === '' || unclear.length > UNCLEAR_CHARS_MAX) throw new Error('an answer without a bound');
    return;
  }
  const [again, ...more] = commandsIn(commandText(request));
  const same = JSON.stringify(again?.request) === JSON.stringify(request);
  if (!same || more.length > 0) throw new Error(`written back, it is ${JSON.stringify(again)}`);
  checkSaid(request, lines);
  const hasWordsOnly = ['approve', 'set-mode', 'assign-release-owner'].includes(request.kind);
  const isExact = lines.some(said => wordsOf(said) === wordsOf(commandText(request)));
  if (hasWordsOnly && !isExact) throw new Error(`no line is exactly ${commandText(request)}`);
}

/** Its verb, and each word of its reason, which may follow on other lines. */
function checkSaid(request: SaidCommand['request'], lines: readonly string[]): void {
  const all = wordsOf(lines.join(' '));
  const isSaid = all.includes(wordsOf(commandText({ kind: request.kind })));
  const areWordsSaid = wordsOf(request.reason ?? '')
    .split(' ')
    .every(word => all.includes(word));
  if (!isSaid || !areWordsSaid) throw new Error(`nobody said ${commandText(request)}`);
}

/** A line without the blanks and cases that make no difference. */
function wordsOf(text: string): string {
  return text.trim().split(/\s+/).join(' ').toLowerCase();
}
