/**
 * Fail before, pass after: each changed test file alone must fail on the base and pass on the commit. Edited tests, as the
 * base has them, must pass on the commit too: otherwise the change edits what was required.
 */
import { basename, dirname, extname } from 'node:path/posix';
import picomatch from 'picomatch';
import type { Policy } from '../../domain/policy.ts';
import type { ChangedFile, CheckResult } from '../../domain/state/work.ts';
import { listTree, readBlobs } from '../../git/objects.ts';
import { shellWord } from '../../host/shell-word.ts';
import { type CheckPlan, type ChecksInTime, runChecksWithin } from './checks.ts';
import type { SetUp } from './set-up-types.ts';
import type { CommitTree, Tree } from './trees.ts';
import { baseTree, common, headCommit, headTree, type VerificationWork } from './verification-work.ts';

/** More files than this run together: each file alone costs a box of its own on every tree. */
const ALONE_MAX = 10;
/** All changed tests together take at most this many times the time limit of one command, on each tree. */
const TIME_LIMITS_MAX = 2;

export interface Found {
  readonly checks: readonly CheckResult[];
  readonly notes: readonly string[];
}

/** Files that one command runs. */
interface Group {
  /** Empty for the only one. */
  readonly title: string;
  readonly command: string;
  readonly isEdited: boolean;
}

export async function changedTestsOnBase(work: VerificationWork, setUp: SetUp): Promise<Found> {
  const groups = groupsOf(work);
  if (groups.length === 0) return NOTHING;
  const plans = groups.map(group => planOf('changed tests', group, { on: 'base', expected: 'fail' }));
  return await runAll(work, { plans, setUp, tree: await baseWithChangedTests(work) });
}

export async function changedTestsOnHead(work: VerificationWork, setUp: SetUp): Promise<Found> {
  const groups = groupsOf(work);
  if (groups.length === 0) return NOTHING;
  const plans = groups.map(group => planOf('changed tests', group, { on: 'head', expected: 'pass' }));
  const after = await runAll(work, { plans, setUp, tree: headTree(work) });
  const edited = groups.filter(group => group.isEdited);
  if (edited.length === 0) return after;
  const former = edited.map(group =>
    planOf('tests as they were', group, { on: 'head-with-base-tests', expected: 'pass' }),
  );
  const before = await runAll(work, { plans: former, setUp, tree: await headWithBaseTests(work) });
  return { checks: [...after.checks, ...before.checks], notes: [...after.notes, ...before.notes] };
}

/** A deleted test can no longer fail. A renamed test counts as one deleted and one added, which proves nothing. */
export function deletedTests(work: VerificationWork): readonly string[] {
  return testFiles(work)
    .filter(file => file.status === 'deleted')
    .map(file => `the change deletes the test ${file.path}`);
}

const NOTHING: Found = { checks: [], notes: [] };

interface Plans {
  readonly plans: readonly CheckPlan[];
  readonly setUp: SetUp;
  readonly tree: Tree;
}

async function runAll(work: VerificationWork, plans: Plans): Promise<Found> {
  const { timeoutMs } = work.policy.verification;
  const input = { ...common(work), ...plans };
  const found = await runChecksWithin(work.ports, input, TIME_LIMITS_MAX * timeoutMs);
  return { checks: found.checks, notes: lateNotes(found, plans) };
}

function lateNotes({ notRun }: ChecksInTime, { plans }: Plans): readonly string[] {
  if (notRun.length === 0) return [];
  const [{ on } = { on: 'head' }] = plans;
  return [`no time was left to run on ${on}: ${notRun.slice(0, ALONE_MAX).join('; ')}`];
}

function planOf(name: string, group: Group, plan: Pick<CheckPlan, 'on' | 'expected'>): CheckPlan {
  const title = group.title === '' ? name : `${name}: ${group.title}`;
  return { name: title, command: group.command, ...plan };
}

/** Edited files come first: they can weaken what was required, and so run alone before any others. */
function groupsOf(work: VerificationWork): readonly Group[] {
  const { verification } = work.policy;
  if (verification.testCommand === '') return [];
  const files = testFiles(work).filter(file => file.status !== 'deleted');
  const pathsOf = (isEdited: boolean): readonly string[] =>
    files.filter(file => (file.status === 'modified') === isEdited).map(file => file.path);
  const [edited, added] = [pathsOf(true), pathsOf(false)];
  const isOnly = files.length === 1;
  return [
    ...groups(edited, { verification, isOnly, isEdited: true, aloneMax: ALONE_MAX }),
    ...groups(added, {
      ...{ verification, isOnly, isEdited: false },
      aloneMax: Math.max(0, ALONE_MAX - edited.length),
    }),
  ];
}

interface Grouping {
  readonly verification: Policy['verification'];
  readonly isOnly: boolean;
  readonly isEdited: boolean;
  readonly aloneMax: number;
}

function groups(
  paths: readonly string[],
  { verification, isOnly, isEdited, aloneMax }: Grouping,
): readonly Group[] {
  const rest = paths.slice(aloneMax);
  const alone = paths.slice(0, aloneMax).map(path => ({
    title: isOnly ? '' : path,
    command: aloneCommand(path, verification),
    isEdited,
  }));
  if (rest.length === 0) return alone;
  const title = `${rest.length} ${isEdited ? 'more edited' : 'more added'} files together`;
  const command = `${verification.testCommand} ${rest.map(shellWord).join(' ')}`;
  return [...alone, { title, command, isEdited }];
}

function aloneCommand(path: string, { testCommand, testFileCommand = '' }: Policy['verification']): string {
  if (testFileCommand === '') return `${testCommand} ${shellWord(path)}`;
  const values = { file: path, folder: dirname(path), name: basename(path, extname(path)) };
  return testFileCommand.replace(/\{(file|folder|name)\}/g, (_all, key: keyof typeof values) =>
    shellWord(values[key]),
  );
}

function testFiles({ policy, input }: VerificationWork): readonly ChangedFile[] {
  const isTest = policy.verification.testPaths.map(glob => picomatch(glob, { dot: true }));
  return input.effect.files.filter(({ path }) => isTest.some(matches => matches(path)));
}

/** As the commit has them: git may have stored other line endings than the agent wrote. */
async function baseWithChangedTests(work: VerificationWork): Promise<Tree> {
  const tests = new Set(
    testFiles(work)
      .filter(file => file.status !== 'deleted')
      .map(file => file.path),
  );
  return { ...baseTree(work), overlay: await filesOf(headCommit(work), tests) };
}

/** Every test file that the change edits or deletes is again as the base has it, also those that tests import. */
async function headWithBaseTests(work: VerificationWork): Promise<Tree> {
  const tests = new Set(
    testFiles(work)
      .filter(file => file.status !== 'added')
      .map(file => file.path),
  );
  return { ...headTree(work), overlay: await filesOf(baseTree(work), tests) };
}

async function filesOf(tree: CommitTree, paths: ReadonlySet<string>): Promise<Tree['overlay']> {
  const entries = (await listTree(tree, tree.commit)).filter(entry => paths.has(entry.path));
  const shas = [...new Set(entries.map(entry => entry.sha))];
  const blobs = await readBlobs(tree, shas, TESTS_BYTES_MAX);
  return entries.map(({ path, mode, sha }) => ({
    path,
    mode: mode === '100755' ? ('100755' as const) : ('100644' as const),
    bytes: blobs.get(sha) ?? Buffer.alloc(0),
  }));
}

const TESTS_BYTES_MAX = 64 * 1024 * 1024;
