/** Mentions: only logins and teams in GitHub's own form, never text of others. */

/** More would be noise to most of them. */
export const MENTIONS_MAX = 5;

export const CALL_NAMES = ['opt-in', 'author', 'codeowners'] as const;
/** As the policy names people. `opt-in`: who added the label. `codeowners`: of the changed paths. Otherwise `@login` or `@org/team`. */
export type CallTarget = (typeof CALL_NAMES)[number] | `@${string}`;

/** A mention, or `codeowners`, which an activity replaces by the owners of the paths. */
export type Callee = 'codeowners' | `@${string}`;

/** A login on GitHub: letters, digits and single dashes, at most 39. A bot's `name[bot]` is none: it reads no mentions. */
const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}$/;
/** The slug that GitHub makes of a team's name. */
const TEAM_SLUG = /^[A-Za-z0-9](?:[\w.-]{0,98}\w)?$/;

/** `@login` or `@org/team`. */
export function isMention(text: string): text is `@${string}` {
  if (!text.startsWith('@')) return false;
  const [owner = '', slug, ...rest] = text.slice(1).split('/');
  return LOGIN.test(owner) && rest.length === 0 && (slug === undefined || TEAM_SLUG.test(slug));
}

/** Each once, whatever its case, without `but`. */
export function distinct<T extends string>(names: readonly T[], but = ''): readonly T[] {
  const seen = new Set([but.toLowerCase()]);
  return names.filter(name => {
    const isNew = !seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return isNew;
  });
}
