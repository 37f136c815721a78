/** The built workflow code, for workers in tests, so that test files need not bundle it again. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isFresh, stamps } from '../../scripts/support/freshness.mjs';

const FILE = path.resolve(import.meta.dirname, '../../dist/workflow-bundle.js');

export function builtWorkflows(): { readonly code: string } {
  if (!isFresh(stamps.bundle)) throw new Error('the workflow code is not built. Fix: run `npm run build`');
  return { code: readFileSync(FILE, 'utf8') };
}
