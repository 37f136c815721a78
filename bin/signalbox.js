#!/usr/bin/env node
/** The program's entry: checks the Node version before it loads anything modern, then runs the build. */
import { existsSync, readFileSync } from 'fs';
import { nodeVersionProblem } from './node-version.js';

const main = new URL('../dist/bin/main.js', import.meta.url);
const problem = startProblem();
if (problem) {
  process.stderr.write(`signalbox: ${problem}\n`);
  process.exitCode = 2;
} else {
  void import(main.href);
}

function startProblem() {
  /** @type {{ engines: { node: string } }} */
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const tooOld = nodeVersionProblem(process.versions.node, manifest.engines.node);
  if (tooOld) return tooOld;
  return existsSync(main) ? '' : 'this checkout is not built. Fix: run "npm run build".';
}
