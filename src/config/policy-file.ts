/** Parses the policy file into the domain's policy, or reports every problem with its line. */
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type Range } from 'yaml';
import { POLICY_ALIASES_MAX, POLICY_CHARS_MAX } from '../contracts/bounds.ts';
import { digestOf } from '../domain/digest.ts';
import type { Policy } from '../domain/policy.ts';
import { policyFileSchema } from './policy-schema.ts';

export const POLICY_PATH = '.github/signalbox.yml';

export interface PolicyProblem {
  readonly line?: number;
  /** For example `limits.silence`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

export type PolicyReading = { readonly policy: Policy } | { readonly problems: readonly PolicyProblem[] };

/** The digest covers the parsed values, so a changed comment in the file voids no approval. */
export function parsePolicyFile(text: string): PolicyReading {
  if (text.length > POLICY_CHARS_MAX)
    return { problems: [{ path: '', message: `the file is longer than ${POLICY_CHARS_MAX} characters` }] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true });
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map(error => ({
        line: lines.linePos(error.pos[0]).line,
        path: '',
        message: firstLine(error.message),
      })),
    };
  }
  const parsed = policyFileSchema.safeParse(document.toJS({ maxAliasCount: POLICY_ALIASES_MAX }) ?? {});
  if (parsed.success) return { policy: { ...parsed.data, digest: digestOf(parsed.data) } };
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let depth = path.length; depth > 0; depth--) {
      const range = placeOf(document, path.slice(0, depth));
      if (range) return lines.linePos(range[0]).line;
    }
    return undefined;
  };
  return {
    problems: parsed.error.issues.map(issue => {
      // The path of an unknown key is that of its map; the key itself is in `keys`.
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
      const line = lineOf([...issue.path, ...unknown]);
      return { ...(line === undefined ? {} : { line }), path: issue.path.join('.'), message: issue.message };
    }),
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

export function problemText(problem: PolicyProblem): string {
  const place = problem.line === undefined ? '' : `line ${problem.line}: `;
  return `${place}${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
