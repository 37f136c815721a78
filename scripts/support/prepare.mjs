/** Install when the lock file and node_modules differ, build when the sources and dist/ differ; one process at a time. */
import { readFileSync } from 'node:fs';
import { nodeVersionProblem } from '../../bin/node-version.js';
import { buildAll } from './build-steps.mjs';
import { isFresh, isInstalled, stamps } from './freshness.mjs';
import { withLock } from './lock.mjs';
import { expectedFailure, inRoot, say } from './root.mjs';
import { runNpm } from './run.mjs';

export async function prepareCheckout() {
  refuseOldNode();
  if (isReady()) return;
  await withLock(async () => {
    if (!isInstalled()) await install();
    if (!isFresh(stamps.build)) await buildAll();
  });
}

export async function buildUnderLock() {
  refuseOldNode();
  await withLock(async () => {
    if (!isInstalled()) await install();
    await buildAll();
  });
}

function isReady() {
  return isInstalled() && isFresh(stamps.build);
}

async function install() {
  say('installing the dependencies (npm ci); the first time this takes a minute');
  const startedAt = Date.now();
  // Development packages hold the compiler: they are needed whatever NODE_ENV says.
  const { code } = await runNpm([
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-progress',
    '--loglevel=error',
  ]);
  if (code !== 0) throw expectedFailure('npm ci failed (see above): mend that, then run this again.');
  say(`installed in ${seconds(startedAt)} s`);
}

function refuseOldNode() {
  /** @type {{ engines: { node: string } }} */
  const manifest = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const problem = nodeVersionProblem(process.versions.node, manifest.engines.node);
  if (problem) throw expectedFailure(problem);
}

/** @param {number} sinceMs */
function seconds(sinceMs) {
  return ((Date.now() - sinceMs) / 1000).toFixed(1);
}
