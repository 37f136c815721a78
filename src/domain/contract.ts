/** The issue contract: what an issue must say before work on it can be judged. It is parsed, never guessed. */
import { readersView } from './hidden-text.ts';
import { type Mode, MODES, parseMode } from './mode.ts';
import { type Risk, RISKS } from './risk.ts';

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
  /** What readers of the issue do not see and no template of the repository has. */
  readonly hidden: readonly string[];
  /** The entry of `unclear` about the mode. It no longer applies once a mode is given another way. */
  readonly unclearMode?: string;
}

type FieldKey =
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

interface Field {
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

/** GitHub's issue forms write this for a field that was left empty. */
const NO_RESPONSE = '_No response_';
const HIDDEN_SHOWN_MAX = 5;
const HIDDEN_CHARS_MAX = 200;
const HEADING = /^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const LIST_ITEM = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(.*)$/;

const UNCLEAR_MODE = 'Mode: one of auto-run, guarded, analysis, spike';

/**
 * `body`: the Markdown, with hidden characters already made visible. Other hidden text is not part of the contract.
 * `known`: hidden texts that the repository's own templates bring with them.
 */
export function parseContract(body: string, known: ReadonlySet<string> = new Set()): ContractReading {
  const { shown, hidden: all } = readersView(body);
  const hidden = all.filter(text => !known.has(text));
  const sections = sectionsOf(shown);
  const text = (key: FieldKey): string => sections.get(key) ?? '';
  const mode = parseMode(firstWord(text('mode')));
  const risk = RISKS.find(level => level === firstWord(text('risk')).toLowerCase());
  const contract: Contract = {
    problem: text('problem'),
    expected: text('expected'),
    evidence: text('evidence'),
    acceptanceCriteria: listItems(text('acceptanceCriteria')),
    nonGoals: text('nonGoals'),
    risks: text('risks'),
    sourceOfTruth: text('sourceOfTruth'),
    stopConditions: listItems(text('stopConditions')),
    ...(mode === undefined ? {} : { mode }),
    ...(risk === undefined ? {} : { declaredRisk: risk }),
  };
  const unclearMode = text('mode') !== '' && mode === undefined ? UNCLEAR_MODE : undefined;
  return {
    contract,
    missing: CONTRACT_FIELDS.filter(field => field.required && text(field.key) === '').map(
      field => field.title,
    ),
    unclear: [
      ...(unclearMode === undefined ? [] : [unclearMode]),
      ...(text('risk') !== '' && risk === undefined ? ['Risk: one of low, medium, high'] : []),
      ...hiddenTexts(hidden),
    ],
    hidden,
    ...(unclearMode === undefined ? {} : { unclearMode }),
  };
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

function sectionsOf(body: string): ReadonlyMap<FieldKey, string> {
  const sections = new Map<FieldKey, string>();
  let current: FieldKey | undefined;
  let fence: string | undefined;
  for (const line of body.split(/\r\n|\n|\r/)) {
    fence = fenceAfter(line, fence);
    const heading = fence === undefined ? HEADING.exec(line)?.[1] : undefined;
    if (heading !== undefined) current = fieldOf(heading);
    else if (current !== undefined) sections.set(current, `${sections.get(current) ?? ''}${line}\n`);
  }
  for (const [key, text] of sections) {
    const trimmed = text.trim();
    sections.set(key, trimmed === NO_RESPONSE ? '' : trimmed);
  }
  return sections;
}

/** Lines inside a code fence are not headings. */
function fenceAfter(line: string, open: string | undefined): string | undefined {
  const mark = FENCE.exec(line)?.[1];
  if (mark === undefined) return open;
  if (open === undefined) return mark;
  return mark.startsWith(open) ? undefined : open;
}

function fieldOf(heading: string): FieldKey | undefined {
  const folded = heading.replace(/[*_:]/g, '').trim().toLowerCase();
  return CONTRACT_FIELDS.find(field => field.title.toLowerCase() === folded || field.also.includes(folded))
    ?.key;
}

function listItems(text: string): readonly string[] {
  const items = text.split('\n').map(line => LIST_ITEM.exec(line)?.[1]?.trim() ?? '');
  const found = items.filter(item => item !== '');
  return found.length > 0 || text === '' ? found : [text];
}

function firstWord(text: string): string {
  return /[A-Za-z-]+/.exec(text)?.[0] ?? '';
}
