/** `npm run docs`: writes the pages generated from code. With `--check`, only lists the outdated ones and exits with 1. */
import { outOfStep, writePages } from './support/written-pages.ts';

const root = new URL('../', import.meta.url);
if (process.argv.includes('--check')) {
  const problems = outOfStep(root);
  process.stderr.write(problems.map(problem => `${problem}\n`).join(''));
  if (problems.length > 0) process.exitCode = 1;
} else {
  writePages(root);
}
