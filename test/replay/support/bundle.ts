/** The workflow code as a worker gets it: the real one, or a copy of it with one deliberate change. */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { temporaryFolder } from '../../local/support.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface Mutation {
  /** Relative to the root: `src/domain/…`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

/** The folders that `src/workflows` can import, as dependency-cruiser enforces. */
const FOLDERS = ['workflows', 'domain', 'contracts'] as const;

export async function bundleOf(...mutations: readonly Mutation[]): Promise<WorkflowBundleWithSourceMap> {
  if (mutations.length === 0) return await bundle(ROOT);
  const folder = temporaryFolder();
  try {
    mkdirSync(folder.file('src'));
    for (const name of FOLDERS)
      cpSync(path.join(ROOT, 'src', name), folder.file(`src/${name}`), { recursive: true });
    cpSync(path.join(ROOT, 'package.json'), folder.file('package.json'));
    symlinkSync(path.join(ROOT, 'node_modules'), folder.file('node_modules'));
    for (const mutation of mutations) mutate(folder.path, mutation);
    return await bundle(folder.path);
  } finally {
    folder.remove();
  }
}

async function bundle(root: string): Promise<WorkflowBundleWithSourceMap> {
  const workflowsPath = path.join(root, 'src/workflows/index.ts');
  return await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
}

function mutate(root: string, { file, from, to }: Mutation): void {
  const place = path.join(root, file);
  const text = readFileSync(place, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`expected exactly one occurrence in ${file}: ${from}`);
  writeFileSync(
    place,
    text.replace(from, () => to),
  );
}
