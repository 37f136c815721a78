/** Why GitHub refused a push, a branch or a merge: a failure with a name, and one bounded line without secrets. Pure. */
import type { FailureName } from '../domain/failure.ts';
import { hideSecrets } from '../git/secret-rules.ts';
import { redact } from './redact.ts';
import { REFUSAL_RULES, type RefusalRule } from './refusal-rules.ts';

export interface GitHubRefusal {
  readonly failure: FailureName;
  /** What GitHub said, as far as it is safe to post. */
  readonly why: string;
}

/** Git's messages are already capped (`runGit`); GitHub's API has short ones. */
const READ_CHARS_MAX = 16_000;
const WHY_CHARS_MAX = 600;
const REASONS_MAX = 6;

/** A sentence of GitHub that refuses to write our branch or to merge; undefined if there is none that is known. */
export function refusalIn(said: string, doing: 'branch' | 'merge'): GitHubRefusal | undefined {
  const text = said.slice(0, READ_CHARS_MAX);
  const found = REFUSAL_RULES.flatMap(rule => {
    const [sentence] = rule.says.exec(text) ?? [];
    return sentence === undefined ? [] : [{ rule, sentence }];
  });
  const [first] = found;
  if (first === undefined) return undefined;
  const failure = first.rule[doing];
  const sentences = withoutHeadings(found).map(({ sentence }) => sentence.trim());
  const reasons = failure === 'SecretInChange' ? [secretsIn(text)] : [];
  return { failure, why: oneLine([...sentences.slice(0, REASONS_MAX), ...reasons]) };
}

/** Why a push was refused, whatever the server said. */
export function pushRefusal(said: string): GitHubRefusal {
  const known = refusalIn(said, 'branch');
  if (known !== undefined) return known;
  const failure = /pre-receive hook declined|update hook declined|hook declined/.test(said)
    ? 'HookRefused'
    : 'PushRefused';
  return { failure, why: oneLine(said.slice(0, READ_CHARS_MAX).split('\n').slice(0, REASONS_MAX)) };
}

interface Found {
  readonly rule: RefusalRule;
  readonly sentence: string;
}

function withoutHeadings(found: readonly Found[]): readonly Found[] {
  const entries = found.filter(({ rule }) => rule.isHeading !== true);
  return entries.length === 0 ? found : entries;
}

/**
 * Kinds and places of the secrets that push protection names. Never the address that allows the secret: whoever opens it
 * decides for the repository.
 */
function secretsIn(text: string): string {
  const kinds = [...text.matchAll(/—— ?([\p{L}\p{N} .()/_-]{1,80}) ——/gu)].map(([, kind = '']) =>
    kind.trim(),
  );
  const places = [...text.matchAll(/path: ([^\n]{1,300}:\d{1,7})/g)].map(([, place = '']) => place.trim());
  const what = [...new Set(kinds)].slice(0, REASONS_MAX).join(', ');
  const where = [...new Set(places)].slice(0, REASONS_MAX).join(', ');
  return [what, where === '' ? '' : `at ${where}`].filter(part => part !== '').join(' ');
}

function oneLine(parts: readonly string[]): string {
  const joined = parts
    .map(part =>
      hideSecrets(part)
        .replace(/https?:\/\/\S{1,2000}/g, '')
        .trim(),
    )
    .filter(part => part !== '')
    .join('; ');
  return redact(joined, WHY_CHARS_MAX);
}
