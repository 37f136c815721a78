/** Reads the issue templates of a repository at the head of its default branch, once per head. */
import { knownTexts } from '../../config/issue-templates.ts';
import type { EffectContext } from '../../contracts/activities.ts';
import type { GitHub } from '../../github/client.ts';
import { readTemplates } from '../../github/issue-templates.ts';
import { RecentMap } from '../recent-map.ts';

const REPOSITORIES_MAX = 100;

export type KnownTexts = (context: EffectContext) => Promise<ReadonlySet<string>>;

/** Asked only for an issue with hidden text, so that the life of any other issue costs no request more. */
export function templateReader(github: GitHub): KnownTexts {
  const seen = new RecentMap<string, ReadonlySet<string>>(REPOSITORIES_MAX);
  return async ({ issue, repository }) => {
    if (repository === undefined) return new Set();
    const { owner, repo } = issue;
    const { head } = repository;
    const key = `${owner}/${repo}@${head}`.toLowerCase();
    const known = seen.get(key) ?? knownTexts(await readTemplates(github, { owner, repo, ref: head }));
    seen.set(key, known);
    return known;
  };
}
