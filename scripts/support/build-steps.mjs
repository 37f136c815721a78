/** Builds dist/: compiles, copies assets, bundles the workflows, removes files whose source is gone. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { clearStamp, filesUnder, isFresh, setStamp, sourceFolders, stamps } from './freshness.mjs';
import { expectedFailure, inRoot, say } from './root.mjs';
import { runTool, run } from './run.mjs';

const WORKFLOWS_ENTRY = 'src/workflows/index.ts';
const BUNDLE_FILE = 'dist/workflow-bundle.js';

export async function buildAll() {
  const startedAt = Date.now();
  const digest = stamps.build.digest();
  clearStamp(stamps.build);
  say('building');
  const results = await Promise.allSettled([compile(), bundleWorkflows()]);
  const failed = results.find(result => result.status === 'rejected');
  if (failed) throw failed.reason;
  removeOrphans();
  copyAssets();
  setStamp(stamps.build, digest);
  say(`built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

async function compile() {
  const { code } = await runTool('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--pretty', 'false']);
  if (code !== 0) throw expectedFailure('the sources do not compile (see above).');
}

/** Runs in its own process, parallel to the compiler, because it is the slowest step. */
async function bundleWorkflows() {
  if (!existsSync(inRoot(WORKFLOWS_ENTRY))) {
    say(`${WORKFLOWS_ENTRY} does not exist: no workflow bundle is built`);
    return;
  }
  if (existsSync(inRoot(BUNDLE_FILE)) && isFresh(stamps.bundle)) return;
  const digest = stamps.bundle.digest();
  const { code, text } = await run(
    process.execPath,
    [inRoot('scripts/support/bundle-workflows.mjs'), WORKFLOWS_ENTRY, BUNDLE_FILE],
    {
      output: 'collect',
    },
  );
  if (code !== 0) throw expectedFailure(`the workflows cannot be bundled:\n${text}`);
  setStamp(stamps.bundle, digest);
}

/** Every file that is not TypeScript is an asset and keeps its path; so is every file of the sample project. */
function copyAssets() {
  for (const folder of sourceFolders.filter(name => name !== 'bin')) {
    for (const file of filesUnder(folder)) if (isAsset(file)) copyAsset(file);
  }
}

/** @param {string} file */
function isAsset(file) {
  return file.startsWith('simulator/project/') || !file.endsWith('.ts');
}

/** @param {string} file */
function copyAsset(file) {
  const target = inRoot('dist', file);
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(inRoot(file), target);
  chmodSync(target, statSync(inRoot(file)).mode & 0o777);
}

function removeOrphans() {
  for (const folder of sourceFolders) {
    for (const built of filesUnder(`dist/${folder}`)) {
      const source = built.slice('dist/'.length);
      const compiledFrom = source.replace(/\.(?:js|d\.ts)(?:\.map)?$/, '.ts');
      if (!existsSync(inRoot(source)) && !existsSync(inRoot(compiledFrom))) rmSync(inRoot(built));
    }
  }
}
