/** Reads YAML that people wrote, with the line of each value, or reports what is wrong with it. It never throws. */
import {
  CST,
  type Document,
  isMap,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  parseDocument,
  type Range,
} from 'yaml';
import { YAML_ALIASES_MAX } from '../contracts/bounds.ts';
import { errorText, firstLine } from '../host/error-text.ts';

export interface YamlProblem {
  readonly line?: number;
  readonly message: string;
}

export interface YamlFile {
  readonly value: unknown;
  /** The line of the value at this path, or of the innermost one around it. */
  readonly lineOf: (path: readonly PropertyKey[]) => number | undefined;
}

export type YamlReading = YamlFile | { readonly problems: readonly YamlProblem[] };

/** Of the YAML itself: the first problems usually cause the others. */
const PROBLEMS_MAX = 20;

export function readYaml(text: string, charsMax: number): YamlReading {
  const tooMuch = sizeProblem(text, charsMax) ?? shapeProblem(text);
  if (tooMuch !== undefined) return { problems: [{ message: tooMuch }] };
  const lines = new LineCounter();
  try {
    // Without prettyErrors: its texts with the place of each error can take seconds.
    const document = parseDocument(text, {
      lineCounter: lines,
      strict: true,
      uniqueKeys: true,
      prettyErrors: false,
      logLevel: 'error',
    });
    if (document.errors.length === 0)
      return { value: document.toJS({ maxAliasCount: YAML_ALIASES_MAX }), lineOf: lineIn(document, lines) };
    return {
      problems: document.errors
        .slice(0, PROBLEMS_MAX)
        .map(error => ({ line: lines.linePos(error.pos[0]).line, message: firstLine(errorText(error)) })),
    };
  } catch (error) {
    // The library throws for an alias without an anchor, and for too many aliases.
    return { problems: [{ message: firstLine(errorText(error)) }] };
  }
}

/** For empty lines, the library takes time in proportion to the square of their number. */
const LINES_MAX = 5_000;

function sizeProblem(text: string, charsMax: number): string | undefined {
  if (text.length > charsMax) return `the file is longer than ${charsMax} characters`;
  return text.split('\n').length > LINES_MAX ? `the file has more than ${LINES_MAX} lines` : undefined;
}

const NESTED_MAX = 50;
/** A list may have 200 words, and they may stand in one line. */
const MARKS_PER_LINE_MAX = 400;
/** Nested keys that are maps take time beyond any proportion to their number. */
const KEYS_PER_LINE_MAX = 10;
const MARKS_MAX = 5_000;
/** What nests when it is repeated in a line, and what is an error when it stands alone. */
const MARKS: readonly (CST.TokenType | null)[] = [
  ...(['seq-item-ind', 'explicit-key-ind', 'map-value-ind', 'flow-seq-start', 'flow-map-start'] as const),
  ...(['anchor', 'tag', 'alias', 'single-quoted-scalar', 'double-quoted-scalar'] as const),
];

/**
 * Found from the marks alone, in one pass. The library reads nested values by recursion, and where the stack ends V8 may end
 * the whole process.
 */
function shapeProblem(text: string): string | undefined {
  let [depth, inLine, keys, all] = [0, 0, 0, 0];
  for (const mark of new Lexer().lex(text)) {
    const type = CST.tokenType(mark);
    if (type === 'newline') [inLine, keys] = [0, 0];
    if (type === 'explicit-key-ind') keys += 1;
    depth += depthOf(type);
    if (depth < 0) return 'a bracket closes nothing';
    if (!MARKS.includes(type)) continue;
    inLine += 1;
    all += 1;
    if (depth > NESTED_MAX || inLine > MARKS_PER_LINE_MAX || keys > KEYS_PER_LINE_MAX)
      return 'lists and maps are nested too deeply';
    if (all > MARKS_MAX) return `the file has more than ${MARKS_MAX} keys and items`;
  }
  return undefined;
}

function depthOf(type: CST.TokenType | null): number {
  if (type === 'flow-seq-start' || type === 'flow-map-start') return 1;
  return type === 'flow-seq-end' || type === 'flow-map-end' ? -1 : 0;
}

function lineIn(document: Document, lines: LineCounter): YamlFile['lineOf'] {
  return path => {
    for (let depth = path.length; depth > 0; depth--) {
      const range = placeOf(document, path.slice(0, depth));
      if (range) return lines.linePos(range[0]).line;
    }
    return undefined;
  };
}

/** The range of the key if there is one: its value can start on another line. */
function placeOf(document: Document, path: readonly PropertyKey[]): Range | null | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined;
  const node = pair?.key ?? document.getIn(path, true);
  return isNode(node) ? node.range : undefined;
}
