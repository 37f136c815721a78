/** Reads YAML that people wrote, with the line of each value, or reports what is wrong with it. It never throws. */
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type Range } from 'yaml';

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
  if (text.length > charsMax)
    return { problems: [{ message: `the file is longer than ${charsMax} characters` }] };
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
      return { value: document.toJS({ maxAliasCount: 10 }), lineOf: lineIn(document, lines) };
    return {
      problems: document.errors
        .slice(0, PROBLEMS_MAX)
        .map(error => ({ line: lines.linePos(error.pos[0]).line, message: messageOf(error) })),
    };
  } catch (error) {
    // The library throws for an alias without an anchor, for too many aliases, and for values that are nested too deeply.
    return { problems: [{ message: messageOf(error) }] };
  }
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.includes('call stack') ? 'lists and maps are nested too deeply' : (text.split('\n')[0] ?? text);
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
