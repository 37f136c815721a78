/** Reads the issue templates of the local repository for a run by hand. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  isTemplateName,
  knownTexts,
  TEMPLATE_BYTES_MAX,
  type TemplateFile,
  TEMPLATES_MAX,
  TEMPLATES_PATH,
} from '../../../config/issue-templates.ts';

/** Empty for a repository without templates or without files, such as a bare one. */
export async function localTemplates(repoDir: string): Promise<ReadonlySet<string>> {
  const folder = join(repoDir, TEMPLATES_PATH);
  const names = await readdir(folder).catch(() => []);
  const files: TemplateFile[] = [];
  for (const name of names.filter(isTemplateName).toSorted().slice(0, TEMPLATES_MAX)) {
    const found = await stat(join(folder, name));
    if (found.isFile() && found.size <= TEMPLATE_BYTES_MAX)
      files.push({ name, text: await readFile(join(folder, name), 'utf8') });
  }
  return knownTexts(files);
}
