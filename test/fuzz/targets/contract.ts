/** The body of an issue: what a form says is read back, and of any other text nothing is guessed. */
import fc from 'fast-check';
import { type ContractReading, parseContract } from '../../../src/domain/contract.ts';
import { CONTRACT_FIELDS, type Field } from '../../../src/domain/contract-fields.ts';
import { type Section, sectionsOf } from '../../../src/domain/contract-sections.ts';
import { readersView } from '../../../src/domain/hidden-text.ts';
import { isNone, isPlaceholderAnswer, wordsIn } from '../../../src/domain/placeholders.ts';
import { blocksOf, linesOf, wordsOf } from '../../../src/domain/markdown.ts';
import { visible } from '../../../src/domain/invisible.ts';
import { fuzzTarget } from '../target.ts';
import { outsideText, plainWords, shortText } from '../texts.ts';

interface Issue {
  readonly body: string;
  /** What a form was filled with; absent for any other text. */
  readonly said?: ReadonlyMap<Field, string>;
}

const headings = fc.constantFrom<(title: string) => string>(
  ...[
    (title: string) => `## ${title}`,
    (title: string) => `### ${title} ###`,
    (title: string) => `# 3. ${title}`,
  ],
  ...[
    (title: string) => `**${title}**\n`,
    (title: string) => `<h3>${title}</h3>\n`,
    (title: string) => `${title}:\n===`,
  ],
  (title: string) => `#### 🎯 **${title}** (required)`,
);
const words = plainWords.filter(text => !isPlaceholderAnswer(wordsIn(text)) && !isNone(wordsIn(text)));
const answers = fc.oneof(
  words,
  words.map(text => `- ${text}`),
  words.map(text => `Not when:\n- ${text}\n\n**Also**\n\n1. ${text}`),
  fc.tuple(words, words).map(([one, other]) => `${one}\n\n> ${other}`),
  words.map(text => `\`\`\`\n## Mode\n${text}\n\`\`\``),
);
const forms: fc.Arbitrary<Issue> = fc
  .record({
    fields: fc.shuffledSubarray([...CONTRACT_FIELDS]),
    heading: headings,
    texts: fc.array(answers, { minLength: CONTRACT_FIELDS.length, maxLength: CONTRACT_FIELDS.length }),
    choice: fc.nat(),
  })
  .map(({ fields, heading, texts, choice }) => {
    const said = new Map(
      fields.map((field, index) => {
        const { options = [] } = field;
        return [field, options[choice % options.length] ?? texts[index] ?? ''] as const;
      }),
    );
    return { said, body: Array.from(said, ([{ title }, text]) => `${heading(title)}\n${text}\n`).join('\n') };
  });

const names = fc.constantFrom(...CONTRACT_FIELDS.flatMap(({ title, also }) => [title, ...also]));
const lines = fc.oneof(
  names.map(name => `## ${name}`),
  names.map(name => `**${name}**`),
  fc.constantFrom(
    'auto-run',
    'low',
    '- guarded',
    '`high`',
    '---',
    '```',
    '<div>',
    '> ',
    '    ',
    '1. ',
    '<!--',
  ),
  shortText,
);
const anyIssue: fc.Arbitrary<Issue> = fc.oneof(
  fc.array(lines, { maxLength: 25 }).map(all => ({ body: all.join('\n') })),
  outsideText.map(body => ({ body })),
);

export const target = fuzzTarget<Issue>({
  name: 'contract',
  inputs: fc.oneof(forms, anyIssue),
  check: ({ body, said }) => {
    const seen = visible(body);
    if (said !== undefined) saysTheSame(seen, said);
    const reading = parseContract(seen);
    if (reading.unread !== undefined) return;
    const { shown } = readersView(seen.replace(/^⟦U\+FEFF⟧/, ''));
    const { sections } = sectionsOf(shown);
    hasEachLineOnce(shown, sections);
    losesNothing(reading, sections);
    guessesNothing(reading, sections);
  },
});

function saysTheSame(body: string, said: ReadonlyMap<Field, string>): void {
  const { contract, missing, unclear } = parseContract(body);
  for (const field of CONTRACT_FIELDS) {
    const { key, title, required } = field;
    const text = said.get(field);
    const read = key === 'risk' ? contract.declaredRisk : contract[key];
    const isRead =
      typeof read === 'object' ? (text === undefined) === (read.length === 0) : (read ?? '') === (text ?? '');
    if (!isRead) throw new Error(`${title} is read as ${String(read)}`);
    if (required && missing.includes(title) !== (text === undefined))
      throw new Error(`${title} is or is not there`);
  }
  if (unclear.length > 0) throw new Error(`unclear: ${unclear.join()}`);
}

function hasEachLineOnce(shown: string, sections: readonly Section[]): void {
  const ends = sections.map(({ to }) => to);
  const starts = sections.map(({ from }) => from);
  if (starts.join() !== [0, ...ends.slice(0, -1)].join())
    throw new Error('a line is in no section or in two');
  if (ends.at(-1) !== linesOf(shown).length) throw new Error('the last lines are in no section');
}

/** Every word that readers see is in its field or in the other text, and nothing else is; a field that says nothing is named. */
function losesNothing({ contract, unclear, other }: ContractReading, sections: readonly Section[]): void {
  const written = (key?: string): string =>
    sections
      .filter(({ field, text }) => field?.key === key && text.trim() !== '_No response_')
      .map(({ text }) => text)
      .join('\n\n');
  if (lettersOf(other) !== lettersOf(written())) throw new Error(`other text is read as ${other}`);
  for (const { key, title } of CONTRACT_FIELDS.filter(field => field.required)) {
    const read = [contract[key as 'problem' | 'stopConditions']].flat().join('\n\n');
    const seen = wordsOf(blocksOf(written(key)).flatMap(({ tokens }) => tokens));
    const isSaid = isWithin(seen, read) && isWithin(read, written(key));
    const isNamed = read === '' && unclear.some(text => text.startsWith(`${title}: `));
    if (!isSaid && !isNamed) throw new Error(`${title} loses something: ${read}`);
  }
}

/** Whether all letters of a text are in the other one, in that order. */
function isWithin(text: string, other: string): boolean {
  const letters = Array.from(lettersOf(text));
  let found = 0;
  for (const letter of lettersOf(other)) if (letter === letters[found]) found += 1;
  return found === letters.length;
}

/** Without the marks of lists and boxes. */
function lettersOf(text: string): string {
  return text.replaceAll(/\[[ xX]\]/g, '').replaceAll(/[^\p{L}\p{M}]/gu, '');
}

/** A mode or a risk stands alone below one heading. */
function guessesNothing({ contract }: ContractReading, sections: readonly Section[]): void {
  for (const [key, word] of [
    ['mode', contract.mode],
    ['risk', contract.declaredRisk],
  ] as const) {
    if (word === undefined) continue;
    const texts = sections
      .filter(
        ({ field, text }) => field?.key === key && text.trim() !== '' && text.trim() !== '_No response_',
      )
      .map(({ text }) =>
        text
          .replace(/[^\p{L}\p{N}\p{M}⟦-]/gu, '')
          .replace(/^-+/, '')
          .toLowerCase(),
      );
    if (texts.join(' and ') !== word) throw new Error(`${key} ${word} is read from ${texts.join(' and ')}`);
  }
}
