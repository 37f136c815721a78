/**
 * `npm run release -- X.Y.Z [--dry-run]`: on a clean main, sets the version, closes the changelog's section, runs every
 * check and test, packs, checks the contents of the package, commits and tags. It never pushes or publishes: it prints
 * the two commands for that. If a step fails, the checkout is restored.
 */
/** @import { FileTexts, ReleasePlan } from './release/plan.ts' */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { contentProblems } from './release/content.ts';
import { planRelease, RELEASED_FILES, versionProblem } from './release/plan.ts';
import { expectedFailure, failureText, inRoot, say } from './support/root.mjs';
import { run, runNpm } from './support/run.mjs';

const USAGE = 'usage: npm run release -- X.Y.Z [--dry-run]';
const EXIT_USAGE = 2;

/** @typedef {ReleasePlan & { before: FileTexts }} RestorablePlan with the texts to restore when a step fails */
/** @typedef {{ filename: string, size: number, integrity: string, files: { path: string }[] }} Packed of `npm pack --json` */

try {
  const { version, dryRun } = readArguments();
  const head = await git('rev-parse', 'HEAD');
  const plan = await makePlan(version);
  if (dryRun)
    print(describe(plan), 'Nothing was changed. Run it without --dry-run to test, pack, commit and tag.');
  else await release(plan, head);
} catch (error) {
  say(failureText(error));
  process.exitCode = error instanceof Error && 'exitCode' in error ? EXIT_USAGE : 1;
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      options: { 'dry-run': { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [version, ...more] = positionals;
    if (version === undefined || more.length > 0) throw new Error('give exactly one version');
    const problem = versionProblem(version);
    if (problem !== undefined) throw new Error(problem);
    return { version, dryRun: values['dry-run'] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw Object.assign(expectedFailure(`${message} (${USAGE})`), { exitCode: EXIT_USAGE });
  }
}

/**
 * @param {string} version
 * @returns {Promise<RestorablePlan>}
 */
async function makePlan(version) {
  const before = {
    'package.json': readFileSync(inRoot('package.json'), 'utf8'),
    'package-lock.json': readFileSync(inRoot('package-lock.json'), 'utf8'),
    'CHANGELOG.md': readFileSync(inRoot('CHANGELOG.md'), 'utf8'),
  };
  const planned = planRelease(version, new Date().toISOString().slice(0, 10), {
    branch: await git('branch', '--show-current'),
    changed: await changedFiles(),
    tags: lines(await git('tag', '--list', 'v*')),
    files: before,
  });
  if ('problem' in planned) throw expectedFailure(planned.problem);
  return { ...planned.plan, before };
}

/**
 * @param {RestorablePlan} plan
 * @param {string} head
 */
async function release(plan, head) {
  const restore = () => write(plan.before);
  const stopRestoring = onSignals(restore);
  let packed;
  try {
    write(plan.files);
    await program('scripts/test.mjs', 'the checks or tests failed (see above)');
    await program('scripts/build.mjs', 'the build failed (see above)');
    packed = await pack();
    await refuseOtherChanges(head);
    await git('commit', '--quiet', '-m', `Release ${plan.version}`, '--', ...RELEASED_FILES);
  } catch (error) {
    restore();
    throw error;
  } finally {
    stopRestoring();
  }
  await git('tag', '-a', plan.tag, '-m', `Release ${plan.version}`);
  print(
    describe(plan),
    `${packed.filename}: ${packed.files.length} files, ${packed.size} bytes, ${packed.integrity}`,
    `Committed and tagged as ${plan.tag}. Nothing was pushed or published. To publish it:`,
    `  git push --atomic origin main ${plan.tag}`,
    `  npm publish ./${packed.filename}`,
  );
}

/**
 * The build has just run, so the package's scripts need not run again.
 * @returns {Promise<Packed>}
 */
async function pack() {
  const { code, text } = await runNpm(['pack', '--ignore-scripts', '--json', '--loglevel=error'], {
    output: 'collect',
  });
  if (code !== 0) throw expectedFailure(`npm pack failed: ${text.trim()}`);
  /** @type {[Packed]} */
  const [packed] = JSON.parse(text);
  const problems = contentProblems(packed.files.map(({ path }) => path));
  if (problems.length > 0)
    throw expectedFailure(`the contents of the package are wrong: ${problems.join('; ')}`);
  return packed;
}

/**
 * Tests take a while; the checkout that is released must be the one that was tested.
 * @param {string} head
 */
async function refuseOtherChanges(head) {
  const others = (await changedFiles()).filter(line => !RELEASED_FILES.some(name => name === line.slice(3)));
  if (others.length > 0 || (await git('rev-parse', 'HEAD')) !== head)
    throw expectedFailure('the checkout changed while the tests ran: run this again');
}

/**
 * @param {string} script
 * @param {string} failure
 */
async function program(script, failure) {
  const { code } = await run(process.execPath, [inRoot(script)], { endsWithUs: true });
  if (code !== 0) throw expectedFailure(`${failure}; nothing was released`);
}

/** @param {string[]} args */
async function git(...args) {
  const { code, text } = await run('git', args, { output: 'collect' });
  if (code !== 0) throw expectedFailure(`git ${args[0] ?? ''}: ${text.trim().split('\n')[0] ?? ''}`);
  return text.trimEnd();
}

async function changedFiles() {
  return lines(await git('status', '--porcelain'));
}

/** @param {string} text */
function lines(text) {
  return text === '' ? [] : text.split('\n');
}

/** @param {FileTexts} texts */
function write(texts) {
  for (const [name, text] of Object.entries(texts)) writeFileSync(inRoot(name), text);
}

/**
 * Ctrl-C during the release: restores the checkout, then lets the signal take its usual effect.
 * @param {() => void} work
 */
function onSignals(work) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const off = () => signals.forEach(signal => process.off(signal, onSignal));
  /** @param {NodeJS.Signals} signal */
  const onSignal = signal => {
    off();
    work();
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return off;
}

/** @param {ReleasePlan} plan */
function describe({ from, version, notes }) {
  return `${from} → ${version}\n\n${notes}\n`;
}

/** @param {string[]} texts */
function print(...texts) {
  process.stdout.write(`${texts.join('\n')}\n`);
}
