/**
 * Makes a checkout ready to run: installs the dependencies and builds, each only when needed. Talks on stderr only.
 * Imports nothing that an old Node or an empty node_modules could fail on before the version was looked at.
 */
import { readFileSync } from 'fs';
import { nodeVersionProblem } from '../bin/node-version.js';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const problem = nodeVersionProblem(process.versions.node, manifest.engines.node);
if (problem) {
  process.stderr.write(`signalbox: ${problem}\n`);
  process.exit(2);
}
import('./support/prepare.mjs')
  .then(({ prepareCheckout }) => prepareCheckout())
  .catch(error => {
    process.stderr.write(`signalbox: ${error.expected ? error.message : error.stack}\n`);
    process.exit(1);
  });
