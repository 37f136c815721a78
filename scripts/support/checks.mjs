/** The checks of `npm run check`: form, lint, types, who may import whom, and what nobody uses. */
import { existsSync } from 'node:fs';
import { sourceFolders } from './freshness.mjs';
import { inRoot, say } from './root.mjs';
import { runTool } from './run.mjs';

const folders = sourceFolders.filter(folder => existsSync(inRoot(folder)));
const cache = 'node_modules/.cache/signalbox';
/** What a file says counts, not when it was written. Rules that know types look across files; a fresh clone lints all. */
const contentCache = tool => ['--cache', '--cache-strategy=content', `--cache-location=${cache}/${tool}`];
const checks = [
  {
    name: 'lint',
    tool: 'eslint/bin/eslint.js',
    args: ['.', '--max-warnings=0', ...contentCache('eslint')],
  },
  {
    name: 'types',
    tool: 'typescript/bin/tsc',
    args: ['-p', 'tsconfig.json', '--incremental', '--tsBuildInfoFile', `${cache}/check.tsbuildinfo`],
  },
  {
    name: 'format',
    tool: 'prettier/bin/prettier.cjs',
    args: ['--check', '--log-level=warn', '.', ...contentCache('prettier')],
  },
  {
    name: 'imports',
    tool: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: [...folders, '--output-type=err'],
  },
  { name: 'unused', tool: 'knip/bin/knip.js', args: ['--no-progress'] },
];
const parallelMax = 2;

/** Runs all of them, also after one failed, and resolves to the names of those that failed. */
export async function runChecks() {
  const waiting = [...checks];
  /** @type {string[]} */
  const failed = [];
  const lane = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      if (!(await passes(check))) failed.push(check.name);
    }
  };
  await Promise.all(Array.from({ length: parallelMax }, lane));
  return failed;
}

/** @param {(typeof checks)[number]} check */
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
