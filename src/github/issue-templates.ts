/** Reads the issue templates of a repository at one commit or branch. */
import {
  isTemplateName,
  type TemplateFile,
  TEMPLATE_BYTES_MAX,
  TEMPLATES_MAX,
  TEMPLATES_PATH,
} from '../config/issue-templates.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { getContents, getFolder } from './repository.ts';

/** One request for the folder and one for each template. Too many or too large ones are left out. */
export async function readTemplates(
  github: GitHub,
  at: RepositoryName & { readonly ref: string },
): Promise<readonly TemplateFile[]> {
  const entries = (await getFolder(github, { ...at, path: TEMPLATES_PATH })) ?? [];
  const templates = entries.filter(
    ({ type, name, size }) => type === 'file' && isTemplateName(name) && size <= TEMPLATE_BYTES_MAX,
  );
  const files: TemplateFile[] = [];
  for (const { name } of templates.slice(0, TEMPLATES_MAX)) {
    const text = await getContents(github, { ...at, path: `${TEMPLATES_PATH}/${name}` });
    files.push({ name, text: text ?? '' });
  }
  return files;
}
