/**
 * Prepares a checkout: installs the dependencies and builds, each only when needed. Writes only to stderr.
 * Imports nothing that an old Node or an empty node_modules cannot load until it has checked the Node version.
 */
import { readFileSync } from 'fs';
import { nodeVersionProblem } from '../bin/node-version.js';

/** @type {{ engines: { node: string } }} */
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const problem = nodeVersionProblem(process.versions.node, manifest.engines.node);
if (problem) {
  process.stderr.write(`signalbox: ${problem}\n`);
  process.exit(2);
}
void prepare();

async function prepare() {
  const { failureText } = await import('./support/root.mjs');
  const { prepareCheckout } = await import('./support/prepare.mjs');
  try {
    await prepareCheckout();
  } catch (error) {
    process.stderr.write(`signalbox: ${failureText(error)}\n`);
    process.exit(1);
  }
}
