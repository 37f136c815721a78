/** The checks of `npm run check`: lint, types, format, imports between folders, and unused code. */
import { existsSync } from 'node:fs';
import { sourceFolders } from './freshness.mjs';
import { inRoot, say } from './root.mjs';
import { runTool } from './run.mjs';

const FOLDERS = sourceFolders.filter(folder => existsSync(inRoot(folder)));
const CACHE = 'node_modules/.cache/signalbox';
/**
 * The cache compares the content of files, not their times. Rules that use types depend on other files too; CI starts
 * without a cache and lints everything.
 * @param {string} tool
 */
const contentCache = tool => ['--cache', '--cache-strategy=content', `--cache-location=${CACHE}/${tool}`];
const CHECKS = [
  {
    name: 'lint',
    tool: 'eslint/bin/eslint.js',
    args: ['.', '--max-warnings=0', ...contentCache('eslint')],
  },
  {
    name: 'types',
    tool: 'typescript/bin/tsc',
    args: ['-p', 'tsconfig.json', '--incremental', '--tsBuildInfoFile', `${CACHE}/check.tsbuildinfo`],
  },
  {
    name: 'format',
    tool: 'prettier/bin/prettier.cjs',
    args: ['--check', '--log-level=warn', '.', ...contentCache('prettier')],
  },
  {
    name: 'imports',
    tool: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: [...FOLDERS, '--output-type=err'],
  },
  { name: 'unused', tool: 'knip/bin/knip.js', args: ['--no-progress'] },
];
const PARALLEL_MAX = 2;

/** Runs all checks, even after one has failed. Resolves to the names of the failed ones. */
export async function runChecks() {
  const waiting = [...CHECKS];
  /** @type {string[]} */
  const failed = [];
  const lane = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      if (!(await passes(check))) failed.push(check.name);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_MAX }, lane));
  return failed;
}

/** @param {(typeof CHECKS)[number]} check */
async function passes({ name, tool, args }) {
  const startedAt = Date.now();
  const { code, text } = await runTool(tool, args, { output: 'collect' });
  const took = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
  if (code === 0) {
    say(`check ${name}: passed (${took})`);
    return true;
  }
  process.stderr.write(`${text.trimEnd()}\n`);
  say(`check ${name}: FAILED (${took})`);
  return false;
}
