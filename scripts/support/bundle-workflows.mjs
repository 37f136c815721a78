/** `node bundle-workflows.mjs <entry> <output>`: bundles the workflow code, so that workers need not do it at start. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { inRoot } from './root.mjs';

const [entry = '', output = ''] = process.argv.slice(2);
/** @type {string[]} */
const warnings = [];
/** @type {(message: string, meta?: unknown) => unknown} */
const keep = (message, meta) => warnings.push(`${message} ${meta !== undefined ? JSON.stringify(meta) : ''}`);
function quiet() {}
const logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: keep, error: keep };

try {
  const { code } = await bundleWorkflowCode({ workflowsPath: inRoot(entry), logger });
  mkdirSync(path.dirname(inRoot(output)), { recursive: true });
  writeFileSync(inRoot(`${output}.new`), code);
  renameSync(inRoot(`${output}.new`), inRoot(output));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${warnings.join('\n')}\n`);
  process.exitCode = 1;
}
