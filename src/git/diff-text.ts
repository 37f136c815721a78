/** Makes a bounded unified diff for people, without running any program that the repository configures. */
import type { ObjectSource } from './objects.ts';
import { within } from './objects.ts';
import { requireCommitId } from './mirror.ts';
import { GitError } from './git-error.ts';
import { gitOutput } from './run-git.ts';

export interface DiffTextInput extends ObjectSource {
  readonly base: string;
  readonly commit: string;
  readonly bytesMax: number;
}

export interface DiffText {
  readonly text: string;
  /** True when the diff exceeds the limit: the text is then the list of files with their line counts. */
  readonly truncated: boolean;
}

export async function diffText(input: DiffTextInput): Promise<DiffText> {
  requireCommitId(input.base);
  requireCommitId(input.commit);
  try {
    return { text: await diff(input, '--patch'), truncated: false };
  } catch (error) {
    if (!(error instanceof GitError) || error.kind !== 'output-too-large') throw error;
    const summary = await diff({ ...input, bytesMax: SUMMARY_BYTES_MAX }, '--stat=120');
    return { text: summary.slice(0, input.bytesMax), truncated: true };
  }
}

const SUMMARY_BYTES_MAX = 4 * 1024 * 1024;

async function diff(input: DiffTextInput, format: '--patch' | '--stat=120'): Promise<string> {
  const fixed = [
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
    '--no-renames',
    '--src-prefix=a/',
    '--dst-prefix=b/',
  ];
  const output = await gitOutput({
    ...within(input),
    args: ['diff', ...fixed, format, input.base, input.commit],
    outputBytesMax: input.bytesMax,
  });
  return output.toString('utf8');
}
