/** Reads the issue templates of a repository at the head of its default branch, once per head. */
import {
  isTemplateName,
  knownTexts,
  TEMPLATE_BYTES_MAX,
  TEMPLATES_MAX,
  TEMPLATES_PATH,
} from '../../config/issue-templates.ts';
import type { EffectContext } from '../../contracts/activities.ts';
import type { GitHub } from '../../github/client.ts';
import { getContents, getFolder } from '../../github/repository.ts';
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
    const known = seen.get(key) ?? (await readTemplates(github, { owner, repo, ref: head }));
    seen.set(key, known);
    return known;
  };
}

async function readTemplates(
  github: GitHub,
  at: { readonly owner: string; readonly repo: string; readonly ref: string },
): Promise<ReadonlySet<string>> {
  const entries = (await getFolder(github, { ...at, path: TEMPLATES_PATH })) ?? [];
  const templates = entries.filter(
    ({ type, name, size }) => type === 'file' && isTemplateName(name) && size <= TEMPLATE_BYTES_MAX,
  );
  const files = [];
  for (const { name } of templates.slice(0, TEMPLATES_MAX)) {
    const text = await getContents(github, { ...at, path: `${TEMPLATES_PATH}/${name}` });
    files.push({ name, text: text ?? '' });
  }
  return knownTexts(files);
}
