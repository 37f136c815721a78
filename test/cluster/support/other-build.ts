/** Another release of this checkout: the same program with other workflow code. */
import { createHash } from 'node:crypto';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleOf, type Mutation } from '../../replay/support/bundle.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const BUNDLE = 'dist/workflow-bundle.js';

export interface Release {
  /** Absent: this checkout's. */
  readonly program?: string;
  readonly buildId: string;
}

export async function thisRelease(): Promise<Release> {
  return { buildId: await buildIn(ROOT) };
}

export async function otherRelease(folder: string, mutation: Mutation): Promise<Release> {
  await cp(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, BUNDLE), (await bundleOf(mutation)).code);
  return { program: join(folder, 'dist/src/workers/main.js'), buildId: await buildIn(folder) };
}

async function buildIn(root: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(join(root, BUNDLE)))
    .digest('hex');
}
