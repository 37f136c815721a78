/** The fields of the issue contract, and the headings that name them. */
import { skeleton } from './look-alike.ts';
import { MODES } from './mode.ts';
import { RISKS } from './risk.ts';

export type FieldKey =
  | 'problem'
  | 'expected'
  | 'evidence'
  | 'acceptanceCriteria'
  | 'nonGoals'
  | 'risks'
  | 'sourceOfTruth'
  | 'stopConditions'
  | 'mode'
  | 'risk';

export interface Field {
  readonly key: FieldKey;
  readonly title: string;
  /** Other headings people use for it, lower case. */
  readonly also: readonly string[];
  readonly required: boolean;
  /** Shown in the issue form. */
  readonly help: string;
  /** The accepted words; absent for free text. */
  readonly options?: readonly string[];
}

/** The fields of the shipped issue form, in its order. Mode and risk have defaults in the policy. */
export const CONTRACT_FIELDS: readonly Field[] = [
  {
    key: 'problem',
    title: 'Problem and scenario',
    also: ['problem', 'scenario', 'bug', 'what happens'],
    required: true,
    help: 'What happens, to whom, and in which situation.',
  },
  {
    key: 'expected',
    title: 'Expected',
    also: ['expected behaviour', 'expected behavior', 'expected result'],
    required: true,
    help: 'What should happen instead.',
  },
  {
    key: 'evidence',
    title: 'Current evidence',
    also: ['evidence', 'steps to reproduce', 'reproduction'],
    required: true,
    help: 'How the problem can be seen: steps, output, a failing test, a link.',
  },
  {
    key: 'acceptanceCriteria',
    title: 'Acceptance criteria',
    also: ['acceptance', 'done when', 'definition of done'],
    required: true,
    help: 'What must be true when it is done; one list item for each.',
  },
  {
    key: 'nonGoals',
    title: 'Non-goals',
    also: ['non goals', 'out of scope'],
    required: true,
    help: 'What must not be touched or solved here.',
  },
  {
    key: 'risks',
    title: 'Risks',
    also: ['risks and rollback'],
    required: true,
    help: 'What could go wrong, and how to undo it.',
  },
  {
    key: 'sourceOfTruth',
    title: 'Source of truth',
    also: ['references'],
    required: true,
    help: 'Files, documents or people that decide when sources contradict each other.',
  },
  {
    key: 'stopConditions',
    title: 'Stop conditions',
    also: ['stop when'],
    required: true,
    help: 'When the agent must stop and ask; one list item for each.',
  },
  {
    key: 'mode',
    title: 'Mode',
    also: ['execution mode'],
    required: false,
    help: 'How much the agent may do; if empty, the policy decides.',
    options: MODES,
  },
  {
    key: 'risk',
    title: 'Risk',
    also: ['risk level'],
    required: false,
    help: 'The minimum; labels, words and the real change can only raise it.',
    options: RISKS,
  },
];

/** A longer heading names no field. */
const HEADING_CHARS_MAX = 80;

/** The field that a heading names. Case, punctuation, numbers, emoji and “(required)” make no difference. */
export function fieldOf(heading: string): Field | undefined {
  return FIELD_BY_NAME.get(folded(heading));
}

/** The field whose name is almost or partly that of the heading, of those that are `open`. */
export function almost(heading: string, open: readonly Field[]): Field | undefined {
  const name = folded(heading);
  if (name === '') return undefined;
  return open.find(field => namesOf(field).some(known => isAlmost(name, known, field.required)));
}

/** The field of `open` that a line gives a value of its own: `Mode: guarded`. The lowest risk is what holds without it. */
export function choiceIn(line: string, open: readonly Field[]): Field | undefined {
  const said = folded(line);
  if (said === '') return undefined;
  return open.find(field =>
    (field.options ?? []).some(
      option => option !== LOWEST && namesOf(field).some(name => said === `${name} ${folded(option)}`),
    ),
  );
}

const [LOWEST] = RISKS;

/** A required field that is missing holds the issue anyway. An optional one must be nearly spelled out, in letters of any script. */
function isAlmost(name: string, known: string, isRequired: boolean): boolean {
  if (skeleton(name) === skeleton(known)) return true;
  if (isRequired && ` ${name} `.includes(` ${known} `)) return true;
  const most = Math.min(EDITS_MAX, Math.floor(known.length / LETTERS_PER_EDIT));
  return Math.abs(name.length - known.length) <= most && edits(name, known) <= most;
}

const EDITS_MAX = 2;
const LETTERS_PER_EDIT = 5;

function namesOf({ title, also }: Field): readonly string[] {
  return [title, ...also].map(folded);
}

/** Its words in lower case, without what people add to a heading. */
function folded(heading: string): string {
  if (heading.length > HEADING_CHARS_MAX) return '';
  const words = heading
    .normalize('NFKC')
    .replace(WRITTEN_OUT, '')
    .toLowerCase()
    .replace(SHORTCODE, ' ')
    .split(NO_WORD)
    .filter(word => word !== '');
  const first = words.findIndex(word => !NUMBER.test(word));
  return words
    .slice(Math.max(0, first))
    .filter(word => !ADDED.includes(word))
    .join(' ');
}

/** Invisible characters, in the form that `visible` writes. */
const WRITTEN_OUT = /⟦U\+[0-9A-F]{4,6}⟧/g;
/** An emoji by its name. */
const SHORTCODE = /:[a-z0-9_+-]+:/g;
const NO_WORD = /[^\p{L}\p{N}\p{M}]+/u;
const NUMBER = /^\p{N}[\p{N}\p{M}]*$/u;
const ADDED: readonly string[] = ['required', 'optional', 'mandatory'];

const FIELD_BY_NAME: ReadonlyMap<string, Field> = new Map(
  CONTRACT_FIELDS.flatMap(field => namesOf(field).map(name => [name, field] as const)),
);

/** The number of letters to add, remove or replace. */
function edits(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const now = [row];
    for (let column = 1; column <= other.length; column++) {
      const replaced = (before[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      now.push(Math.min(replaced, (before[column] ?? 0) + 1, (now[column - 1] ?? 0) + 1));
    }
    before = now;
  }
  return before.at(-1) ?? 0;
}
