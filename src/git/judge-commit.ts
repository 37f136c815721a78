/** Judges a built commit by its tree, not by what was declared: paths, modes, sizes and file contents. */
import type { Refusal } from '../domain/state/work.ts';
import type { ChangeLimits, ChangePolicy, ChangeJudgement } from './judge-change.ts';
import { judgeChange } from './judge-change.ts';
import type { ObjectSource, RawChange } from './objects.ts';
import { ABSENT_MODE, blobSizes, listTree, rawChanges, readBlobs } from './objects.ts';
import { foldPath, printablePath } from './path-rules.ts';
import type { ScannedFile } from './secret-scan.ts';
import { scanForSecrets } from './secret-scan.ts';

export interface JudgeCommitInput extends ObjectSource {
  readonly base: string;
  readonly commit: string;
  readonly limits: ChangeLimits;
  readonly policy: ChangePolicy;
}

/** Reads file contents only when paths and sizes pass, so the limits also bound how much is read. */
export async function judgeCommit(input: JudgeCommitInput): Promise<ChangeJudgement> {
  const [changes, baseTree] = await Promise.all([
    rawChanges(input, input.base, input.commit),
    listTree(input, input.base),
  ]);
  const basePaths = baseTree.map(entry => entry.path);
  const sizes = await newSizes(input, changes);
  const judgement = judgeChange({ changes, basePaths, sizes, limits: input.limits, policy: input.policy });
  if (judgement.refusals.length > 0) return printable(judgement);
  const refusals = await contentRefusals(input, changes);
  return refusals.length > 0 ? printable({ ...judgement, refusals }) : judgement;
}

/** Paths of a refused change are only shown, so they are made printable. */
function printable(judgement: ChangeJudgement): ChangeJudgement {
  return {
    refusals: judgement.refusals,
    protectedPaths: judgement.protectedPaths.map(printablePath),
    files: judgement.files.map(file => ({ ...file, path: printablePath(file.path) })),
  };
}

async function newSizes(source: ObjectSource, changes: readonly RawChange[]): Promise<Map<string, number>> {
  const shas = changes.filter(change => isFile(change.newMode)).map(change => change.newSha);
  const sizes = await blobSizes(source, shas);
  return new Map(shas.flatMap((sha, index) => (sizes[index] === undefined ? [] : [[sha, sizes[index]]])));
}

async function contentRefusals(input: JudgeCommitInput, changes: readonly RawChange[]): Promise<Refusal[]> {
  const files = await changedFiles(input, changes);
  const secrets = await scanForSecrets(files);
  return [
    ...secrets.map(({ path, rule }) => ({
      path: printablePath(path),
      reason: `contains a secret (${rule})`,
    })),
    ...files.filter(definesFilters).map(({ path }) => ({
      path: printablePath(path),
      reason: 'sets attributes that run a program or change file contents',
    })),
  ];
}

async function changedFiles(input: JudgeCommitInput, changes: readonly RawChange[]): Promise<ScannedFile[]> {
  const after = await readBlobs(
    input,
    unique(changes.filter(one => isFile(one.newMode)).map(one => one.newSha)),
    input.limits.expandedBytesMax,
  );
  const before = await oldBlobs(input, changes);
  return changes.flatMap(change => {
    const bytes = after.get(change.newSha) ?? Buffer.alloc(0);
    return [{ path: change.path, before: before.get(change.oldSha), after: bytes }];
  });
}

/** Old versions only show which secrets are not new. Skipping large ones can only add refusals. */
async function oldBlobs(
  input: JudgeCommitInput,
  changes: readonly RawChange[],
): Promise<Map<string, Buffer>> {
  const shas = unique(changes.filter(change => isFile(change.oldMode)).map(change => change.oldSha));
  const sizes = await blobSizes(input, shas);
  const small = shas.filter((_, index) => (sizes[index] ?? Infinity) <= input.limits.fileBytesMax);
  return readBlobs(input, small, small.length * input.limits.fileBytesMax);
}

/** New attributes that make git run configured programs or rewrite files. */
function definesFilters(file: ScannedFile): boolean {
  if (foldPath(file.path).split('/').at(-1) !== '.gitattributes') return false;
  const unsafe = /(^|\s)(filter|diff|merge|working-tree-encoding)=|\[attr\]|export-(ignore|subst)/m;
  const old = new Set((file.before ?? Buffer.alloc(0)).toString('utf8').split('\n'));
  return file.after
    .toString('utf8')
    .split('\n')
    .some(line => !old.has(line) && unsafe.test(line));
}

function isFile(mode: string): boolean {
  return mode !== ABSENT_MODE && mode.startsWith('100');
}

function unique(shas: readonly string[]): string[] {
  return [...new Set(shas)];
}
