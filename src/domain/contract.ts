/** The issue contract: what an issue must say before work on it can be judged. It is parsed, never guessed. */
import { answerOf, type FieldAnswer, isEmpty } from './contract-answer.ts';
import { choicesIn } from './contract-choices.ts';
import { CONTRACT_FIELDS, type Field, type FieldKey } from './contract-fields.ts';
import { type HeadingMap, namesWith } from './contract-headings.ts';
import { didYouMean } from './contract-near.ts';
import { otherText, type Section, sectionsOf } from './contract-sections.ts';
import { readersView } from './hidden-text.ts';
import { tooCostly } from './markdown.ts';
import type { Mode } from './mode.ts';
import type { Risk } from './risk.ts';

export interface Contract {
  readonly problem: string;
  readonly expected: string;
  readonly evidence: string;
  readonly acceptanceCriteria: readonly string[];
  readonly nonGoals: string;
  readonly risks: string;
  readonly sourceOfTruth: string;
  readonly stopConditions: readonly string[];
  readonly mode?: Mode;
  readonly declaredRisk?: Risk;
}

export interface ContractReading {
  readonly contract: Contract;
  /** Titles of required fields that are missing or empty. */
  readonly missing: readonly string[];
  /** Fields with a value that is not accepted, each with the accepted values. */
  readonly unclear: readonly string[];
  /** Why the text was not read at all. Then nothing else is known of the contract. */
  readonly unread?: string;
  /** What readers see and what belongs to no field, with its headings. */
  readonly other: string;
  /** What readers of the issue do not see and no template of the repository has. */
  readonly hidden: readonly string[];
  /** The entry of `unclear` about the mode. It no longer applies once a mode is given another way. */
  readonly unclearMode?: string;
}

/** GitHub allows 65,536 characters. This leaves room for emoji and for some invisible characters that are written out. */
const BODY_CHARS_MAX = 100_000;
const BODY_LINES_MAX = 10_000;
export const CONTRACT_ENTRIES_MAX = 1_000;
/** As it is, or in the form that `visible` writes. */
const BYTE_ORDER_MARK = /^(?:\ufeff|⟦U\+FEFF⟧)/;
const HIDDEN_SHOWN_MAX = 5;
const HIDDEN_CHARS_MAX = 200;

export interface ContractInput {
  /** Hidden texts that the repository's own templates bring with them. */
  readonly known?: ReadonlySet<string>;
  /** Headings of the policy. */
  readonly headings?: HeadingMap;
}

/** `body`: the Markdown, with hidden characters already made visible. Other hidden text is not part of the contract. */
export function parseContract(
  body: string,
  { known = new Set(), headings = {} }: ContractInput = {},
): ContractReading {
  const unread = tooLong(body);
  if (unread !== undefined)
    return { contract: contractOf(new Map()), missing: [], unclear: [unread], unread, other: '', hidden: [] };
  const { shown, hidden: all } = readersView(body.replace(BYTE_ORDER_MARK, ''));
  const hidden = all.filter(text => !known.has(text));
  const names = namesWith(headings);
  const { sections, otherHeadings, blocks } = sectionsOf(shown, names);
  const given = givenIn(sections);
  const answers = new Map(Array.from(given, ([key, texts]) => [key, answerOf(texts, CONTRACT_ENTRIES_MAX)]));
  const { chosen, unclearMode, unclearRisk } = choicesIn({ blocks, given, names });
  const { missing, unclear } = fieldProblems(given, answers);
  return {
    contract: { ...contractOf(answers), ...chosen },
    missing,
    unclear: [
      ...[unclearMode, unclearRisk].filter(text => text !== undefined),
      ...unclear,
      ...didYouMean({ otherHeadings, sections, blocks, given, names }),
      ...hiddenTexts(hidden),
    ],
    other: otherText(sections),
    hidden,
    ...(unclearMode === undefined ? {} : { unclearMode }),
  };
}

type Given = ReadonlyMap<FieldKey, readonly string[]>;
type Answers = ReadonlyMap<FieldKey, FieldAnswer>;

function tooLong(body: string): string | undefined {
  if (body.length > BODY_CHARS_MAX)
    return `the text of the issue has ${body.length} characters with the invisible ones written out; at most ${BODY_CHARS_MAX} are read`;
  let lines = 1;
  for (let at = body.indexOf('\n'); at !== -1; at = body.indexOf('\n', at + 1)) lines += 1;
  if (lines > BODY_LINES_MAX)
    return `the text of the issue has ${lines} lines; at most ${BODY_LINES_MAX} are read`;
  return tooCostly(body, 'the issue');
}

/** The texts below the headings of each field that has any. */
function givenIn(sections: readonly Section[]): Given {
  const given = new Map<FieldKey, string[]>();
  for (const { field, text } of sections) {
    if (field === undefined || isEmpty(text)) continue;
    const texts = given.get(field.key);
    if (texts === undefined) given.set(field.key, [text]);
    else texts.push(text);
  }
  return given;
}

function contractOf(answers: Answers): Contract {
  const answer = (key: FieldKey): FieldAnswer => answers.get(key) ?? NO_ANSWER;
  return {
    problem: answer('problem').text,
    expected: answer('expected').text,
    evidence: answer('evidence').text,
    acceptanceCriteria: answer('acceptanceCriteria').entries.slice(0, CONTRACT_ENTRIES_MAX),
    nonGoals: answer('nonGoals').text,
    risks: answer('risks').text,
    sourceOfTruth: answer('sourceOfTruth').text,
    stopConditions: answer('stopConditions').entries.slice(0, CONTRACT_ENTRIES_MAX),
  };
}

const NO_ANSWER: FieldAnswer = { text: '', entries: [] };

function fieldProblems(given: Given, answers: Answers): Pick<ContractReading, 'missing' | 'unclear'> {
  const required = CONTRACT_FIELDS.filter(field => field.required);
  const missing = required.filter(({ key }) => !given.has(key)).map(({ title }) => title);
  const unclear = required.flatMap(field => {
    const answer = answers.get(field.key);
    const problem = answer && answerProblem(answer, field);
    return problem === undefined ? [] : [`${field.title}: ${problem}`];
  });
  return { missing, unclear };
}

function answerProblem(
  { text, entries, placeholder, none }: FieldAnswer,
  { neverNone }: Field,
): string | undefined {
  if (text === '') return 'nothing is said below this heading but a placeholder or a picture';
  if (placeholder !== undefined) return `“${placeholder}” is a placeholder; say it, or remove it`;
  if (none === true && neverNone === true)
    return 'it cannot be “none”: without it there is nothing to work on';
  return entries.length > CONTRACT_ENTRIES_MAX
    ? `it has more than ${CONTRACT_ENTRIES_MAX} entries`
    : undefined;
}

/** The agent reads hidden text too, so the start gate shows it to the approver. */
function hiddenTexts(hidden: readonly string[]): readonly string[] {
  const named = hidden.slice(0, HIDDEN_SHOWN_MAX).map(text => {
    const cut = text.length > HIDDEN_CHARS_MAX ? `${text.slice(0, HIDDEN_CHARS_MAX)}…` : text;
    return `hidden from readers: “${cut}”`;
  });
  const more = hidden.length - named.length;
  return more > 0 ? [...named, `hidden from readers: ${more} more`] : named;
}
