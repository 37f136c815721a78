/** The issue templates of a local repository: what they hide is known to a run by hand. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { localTemplates } from '../../../../src/client/cli/run/templates.ts';

let dir: string;
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'signalbox-templates-'))));
afterAll(() => rm(dir, { recursive: true }));

test('templates are read from the folder of the repository', async () => {
  const folder = join(dir, '.github/ISSUE_TEMPLATE');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'bug.md'), '---\nname: Bug\n---\n<!-- describe\nthe bug -->\n');
  await writeFile(join(folder, 'large.md'), `<!-- ${'x'.repeat(65 * 1024)} -->`);
  await writeFile(join(folder, 'config.yml'), 'blank_issues_enabled: false\n');
  await mkdir(join(folder, 'folder.md'));
  expect([...(await localTemplates(dir))]).toEqual(['describe the bug']);
});

test('a folder without templates has none', async () => {
  expect((await localTemplates(join(dir, 'nowhere'))).size).toBe(0);
});
