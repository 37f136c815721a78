/** The fields of the issue contract. contract-headings.ts says which headings name them. */
import { MODES } from './mode.ts';
import { RISKS } from './risk.ts';

export const FIELD_KEYS = [
  ...(['problem', 'expected', 'evidence', 'acceptanceCriteria', 'nonGoals', 'risks'] as const),
  ...(['sourceOfTruth', 'stopConditions', 'mode', 'risk'] as const),
] as const;
export type FieldKey = (typeof FIELD_KEYS)[number];

export interface Field {
  readonly key: FieldKey;
  readonly title: string;
  /** Other headings people use for it, lower case. */
  readonly also: readonly string[];
  readonly required: boolean;
  /** “None” is no answer: without one there is nothing to work on. */
  readonly neverNone?: true;
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
    neverNone: true,
    help: 'What happens, to whom, and in which situation.',
  },
  {
    key: 'expected',
    title: 'Expected',
    also: ['expected behaviour', 'expected behavior', 'expected result'],
    required: true,
    neverNone: true,
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
    neverNone: true,
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
