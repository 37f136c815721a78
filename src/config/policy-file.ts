/** Parses the policy file into the domain's policy, or reports every problem with its line. */
import { POLICY_CHARS_MAX } from '../contracts/bounds.ts';
import { digestOf } from '../domain/digest.ts';
import type { Policy } from '../domain/policy.ts';
import { POLICY_PATH, policyFileSchema } from './policy-schema.ts';
import { readYaml } from './yaml-file.ts';

export { POLICY_PATH };

export interface PolicyProblem {
  readonly line?: number;
  /** For example `limits.silence`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

export type PolicyReading = { readonly policy: Policy } | { readonly problems: readonly PolicyProblem[] };

/** The digest covers the parsed values, so a changed comment in the file voids no approval. */
export function parsePolicyFile(text: string): PolicyReading {
  const file = readYaml(text, POLICY_CHARS_MAX);
  if ('problems' in file) return { problems: file.problems.map(problem => ({ path: '', ...problem })) };
  const parsed = policyFileSchema.safeParse(file.value ?? {});
  if (parsed.success) return { policy: { ...parsed.data, digest: digestOf(parsed.data) } };
  return {
    problems: parsed.error.issues.map(issue => {
      // The path of an unknown key is that of its map; the key itself is in `keys`.
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
      const line = file.lineOf([...issue.path, ...unknown]);
      return { ...(line === undefined ? {} : { line }), path: issue.path.join('.'), message: issue.message };
    }),
  };
}

export function problemText(problem: PolicyProblem): string {
  const place = problem.line === undefined ? '' : `line ${problem.line}: `;
  return `${place}${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`;
}
