/** The body of an issue: what a form says is read back, and of any other text nothing is guessed. */
import fc from 'fast-check';
import { parseContract } from '../../../src/domain/contract.ts';
import { CONTRACT_FIELDS, type Field } from '../../../src/domain/contract-fields.ts';
import { sectionsOf } from '../../../src/domain/contract-sections.ts';
import { readersView } from '../../../src/domain/hidden-text.ts';
import { linesOf } from '../../../src/domain/markdown.ts';
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
const answers = fc.oneof(
  plainWords,
  plainWords.map(words => `- ${words}`),
  fc.tuple(plainWords, plainWords).map(([one, other]) => `${one}\n\n> ${other}`),
  plainWords.map(words => `\`\`\`\n## Mode\n${words}\n\`\`\``),
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
    if (parseContract(seen).unread !== undefined) return;
    hasEachLineOnce(seen);
    guessesNothing(seen);
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

function hasEachLineOnce(body: string): void {
  const { shown } = readersView(body);
  const { sections } = sectionsOf(shown);
  const ends = sections.map(({ to }) => to);
  const starts = sections.map(({ from }) => from);
  if (starts.join() !== [0, ...ends.slice(0, -1)].join())
    throw new Error('a line is in no section or in two');
  if (ends.at(-1) !== linesOf(shown).length) throw new Error('the last lines are in no section');
}

/** A mode or a risk stands alone below one heading. */
function guessesNothing(body: string): void {
  const { contract } = parseContract(body);
  const { sections } = sectionsOf(readersView(body.replace(/^⟦U\+FEFF⟧/, '')).shown);
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
