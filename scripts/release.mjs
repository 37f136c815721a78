/**
 * `npm run release -- X.Y.Z [--dry-run]`: on a clean main it sets the version, closes the changelog's section, runs every
 * check and test, packs, looks through the package, commits and tags. It never pushes and never publishes: the two
 * commands for that are printed. What fails leaves the checkout as it was.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { contentProblems } from './release/content.ts';
import { planRelease, RELEASED_FILES, versionProblem } from './release/plan.ts';
import { expectedFailure, inRoot, say } from './support/root.mjs';
import { run, runNpm } from './support/run.mjs';

const USAGE = 'usage: npm run release -- X.Y.Z [--dry-run]';

try {
  const { version, dryRun } = readArguments();
  const head = await git('rev-parse', 'HEAD');
  const plan = await makePlan(version);
  if (dryRun)
    print(describe(plan), 'Nothing was changed. Tests, package, commit and tag come without --dry-run.');
  else await release(plan, head);
} catch (error) {
  say(error.expected ? error.message : error.stack);
  process.exitCode = error.exitCode ?? 1;
}

function readArguments() {
  try {
    const options = { 'dry-run': { type: 'boolean', default: false } };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const [version, ...more] = positionals;
    if (version === undefined || more.length > 0) throw new Error('name one version');
    const problem = versionProblem(version);
    if (problem !== undefined) throw new Error(problem);
    return { version, dryRun: values['dry-run'] };
  } catch (error) {
    throw Object.assign(expectedFailure(`${error.message} (${USAGE})`), { exitCode: 2 });
  }
}

async function makePlan(version) {
  const texts = RELEASED_FILES.map(name => [name, readFileSync(inRoot(name), 'utf8')]);
  const planned = planRelease(version, new Date().toISOString().slice(0, 10), {
    branch: await git('branch', '--show-current'),
    changed: await changedFiles(),
    tags: lines(await git('tag', '--list', 'v*')),
    files: Object.fromEntries(texts),
  });
  if ('problem' in planned) throw expectedFailure(planned.problem);
  return { ...planned.plan, before: Object.fromEntries(texts) };
}

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
    `Committed and tagged as ${plan.tag}. Nothing left this machine. To publish it:`,
    `  git push --atomic origin main ${plan.tag}`,
    `  npm publish ./${packed.filename}`,
  );
}

/** Built just before, so no script of the package has to run again. */
async function pack() {
  const { code, text } = await runNpm(['pack', '--ignore-scripts', '--json', '--loglevel=error'], {
    output: 'collect',
  });
  if (code !== 0) throw expectedFailure(`npm pack failed: ${text.trim()}`);
  const [packed] = JSON.parse(text);
  const problems = contentProblems(packed.files.map(({ path }) => path));
  if (problems.length > 0)
    throw expectedFailure(`the package is not as it should be: ${problems.join('; ')}`);
  return packed;
}

/** Tests take a while: what is released must still be what was tested. */
async function refuseOtherChanges(head) {
  const others = (await changedFiles()).filter(line => !RELEASED_FILES.includes(line.slice(3)));
  if (others.length > 0 || (await git('rev-parse', 'HEAD')) !== head)
    throw expectedFailure('the checkout was changed while the tests ran: run this again');
}

async function program(script, failure) {
  const { code } = await run(process.execPath, [inRoot(script)], { endsWithUs: true });
  if (code !== 0) throw expectedFailure(`${failure}; nothing was released`);
}

async function git(...args) {
  const { code, text } = await run('git', args, { output: 'collect' });
  if (code !== 0) throw expectedFailure(`git ${args[0]}: ${text.trim().split('\n')[0]}`);
  return text.trimEnd();
}

async function changedFiles() {
  return lines(await git('status', '--porcelain'));
}

function lines(text) {
  return text === '' ? [] : text.split('\n');
}

function write(texts) {
  for (const [name, text] of Object.entries(texts)) writeFileSync(inRoot(name), text);
}

/** Ctrl-C in the middle: the work is taken back, then the signal does what it always does. */
function onSignals(work) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const off = () => signals.forEach(signal => process.off(signal, onSignal));
  const onSignal = signal => {
    off();
    work();
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return off;
}

function describe({ from, version, notes }) {
  return `${from} → ${version}\n\n${notes}\n`;
}

function print(...texts) {
  process.stdout.write(`${texts.join('\n')}\n`);
}
