/** The tree that a merge of a head into a base would make: git's own merge, in a quarantine, without a work tree. */
import { requireCommitId } from './mirror.ts';
import { type ObjectSource, rawChanges, treeOf, within } from './objects.ts';
import { type GitCommand, gitFailure, gitLine, type GitResult, runGit } from './run-git.ts';

export interface MergeQuestion extends ObjectSource {
  /** The present commit of the target branch. */
  readonly base: string;
  readonly head: string;
  /** The only parent of `head`. */
  readonly from: string;
  /** The mirror has no history between `from` and `base`. */
  readonly isShallow?: boolean;
}

export type MergedOnto =
  /** `commit` has `tree`, and is the same for the same question on every host. It is never pushed. */
  | { readonly kind: 'merged'; readonly tree: string; readonly commit: string }
  /** The files on which git cannot decide; sorted. None if the two have no common history. */
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

export async function mergeOnto(question: MergeQuestion): Promise<MergedOnto> {
  const { base, head, from } = question;
  [base, head, from].forEach(requireCommitId);
  const sides = question.isShallow === true ? await bridged(question) : [base, head];
  const command: GitCommand = {
    ...within(question),
    args: ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ...sides],
  };
  const result = await runGit(command);
  if (result.stderr.includes('unrelated histories')) return { kind: 'conflict', paths: [] };
  const [tree = '', ...paths] = fieldsOf(command, result);
  if (result.exitCode === 1) return { kind: 'conflict', paths: [...new Set(paths)].sort() };
  return { kind: 'merged', tree, commit: await commitOf(question, tree, [base, head]) };
}

/** Files that differ between `from` and both others; sorted. */
export async function filesOfBoth(question: MergeQuestion): Promise<readonly string[]> {
  const { base, head, from } = question;
  const theirs = new Set((await rawChanges(question, from, base)).map(({ path }) => path));
  const ours = await rawChanges(question, from, head);
  return ours
    .map(({ path }) => path)
    .filter(path => theirs.has(path))
    .sort();
}

export interface CommitLine {
  readonly commit: string;
  /** By its author. */
  readonly subject: string;
}

/** The latest commits of the base since `from` that touched these files. */
export async function commitsOn(
  { base, from, ...source }: MergeQuestion,
  paths: readonly string[],
  commitsMax: number,
): Promise<readonly CommitLine[]> {
  const limit = `--max-count=${commitsMax}`;
  const args = ['log', '--no-merges', limit, '--format=%H %s', '-z', `${from}..${base}`, '--', ...paths];
  const output = await runGit({ ...within(source), args });
  if (output.exitCode !== 0) return [];
  return output.stdout
    .toString('utf8')
    .split('\0')
    .filter(line => line !== '')
    .map(line => ({ commit: line.slice(0, 40), subject: line.slice(41) }));
}

/** Exit code 1 with a tree is a conflict; without one, git could not merge at all. */
function fieldsOf(command: GitCommand, result: GitResult): readonly string[] {
  const fields = result.stdout
    .toString('utf8')
    .split('\0')
    .filter(field => field !== '');
  const isAnswer = result.exitCode <= 1 && /^[0-9a-f]{40}$/.test(fields[0] ?? '');
  if (!isAnswer) throw gitFailure(command, result);
  return fields;
}

/**
 * Git finds the common ancestor by history. Without history, commits with the trees of both sides on top of the parent of
 * the head say what it is. (`merge-tree --merge-base` is newer than the oldest git that works.)
 */
async function bridged(question: MergeQuestion): Promise<readonly string[]> {
  const sides = [question.base, question.head];
  return await Promise.all(
    sides.map(async side => await commitOf(question, await treeOf(question, side), [question.from])),
  );
}

const STAMP = 'Signalbox <signalbox@localhost> 0 +0000';

async function commitOf(source: ObjectSource, tree: string, parents: readonly string[]): Promise<string> {
  const header = [`tree ${tree}`, ...parents.map(parent => `parent ${parent}`)];
  const lines = [...header, `author ${STAMP}`, `committer ${STAMP}`, '', 'What a merge would make', ''];
  const args = ['hash-object', '-t', 'commit', '-w', '--stdin'];
  return await gitLine({ ...within(source), args, input: lines.join('\n') });
}
