/** The title of the pull request and of the merge commit: a form of the policy with known placeholders. */
import { modeOf, riskOf } from './facts.ts';
import { plainLine } from './posted-text.ts';
import type { IssueState } from './state.ts';

/** GitHub's bound. */
const TITLE_CHARS_MAX = 256;
const ISSUE_TITLE_CHARS_MAX = 120;
export const TITLE_FORM_CHARS_MAX = 100;
const DEFAULT_FORM = '{title} {issue}';

/** What each placeholder stands for. */
export const TITLE_PLACEHOLDERS = {
  title: 'the title of the issue',
  issue: 'the number of the issue in parentheses: `(#12)`',
  risk: 'low, medium or high',
  mode: 'the mode of the issue',
} as const;
type Placeholder = keyof typeof TITLE_PLACEHOLDERS;

/** Fits GitHub's bound also after the spaces of `plainLine`. */
export function pullRequestTitle(state: IssueState): string {
  const own = state.policy?.pullRequest?.title;
  const title = own === undefined ? undefined : titleIn(own, state);
  return title === undefined || title.length > TITLE_CHARS_MAX ? titleIn(DEFAULT_FORM, state) : title;
}

export function issueTitle(state: IssueState): string {
  return state.subject?.title ?? `Issue ${state.issue.number}`;
}

/** Why the form cannot be used; undefined if it can. */
export function titleFormProblem(form: string): string | undefined {
  const found = Array.from(form.matchAll(PLACEHOLDER), ([, name = '']) => name);
  const unknown = found.find(name => !Object.hasOwn(TITLE_PLACEHOLDERS, name));
  if (unknown !== undefined) return `{${unknown}} is unknown; known are ${KNOWN}`;
  if (!found.includes('title')) return 'it must have {title}';
  return found.length === new Set(found).size ? undefined : 'it names a placeholder twice';
}

const PLACEHOLDER = /\{([^{}]{0,100})\}/g;
const KNOWN = Object.keys(TITLE_PLACEHOLDERS)
  .map(name => `{${name}}`)
  .join(', ');

/**
 * Text of the issue and of the form is made inert together, so that no two pieces make something live. Only the reference
 * stays: in parentheses it follows no closing keyword.
 */
function titleIn(form: string, state: IssueState): string {
  const [before = '', after] = form.split('{issue}').map(part => filled(part, state));
  if (after === undefined) return before.trim();
  return `${before.trimEnd()} (#${state.issue.number})${after}`.trim();
}

/** Keeps a space at its start. */
function filled(part: string, state: IssueState): string {
  const values: Readonly<Record<Placeholder, string>> = {
    title: plainLine(issueTitle(state), ISSUE_TITLE_CHARS_MAX),
    issue: '',
    risk: riskOf(state).level,
    mode: modeOf(state),
  };
  const text = part.replace(PLACEHOLDER, (_, name: Placeholder) => values[name]);
  return `${text.startsWith(' ') ? ' ' : ''}${plainLine(text, TITLE_CHARS_MAX)}`;
}
