/** Installs when node_modules does not match the lock file, builds when dist/ is out of date; one process at a time. */
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

/** For tests that use no dist/. */
export async function prepareDependencies() {
  refuseOldNode();
  if (isInstalled()) return;
  await withLock(async () => {
    if (!isInstalled()) await install();
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
  say('installing dependencies with npm ci; this takes about a minute');
  const startedAt = Date.now();
  // The compiler is a development package, so install those even when NODE_ENV is production.
  const { code } = await runNpm([
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-progress',
    '--loglevel=error',
  ]);
  if (code !== 0) throw expectedFailure('npm ci failed (see above). Fix: correct that, then run this again.');
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
