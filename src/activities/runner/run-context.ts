/** What a run's task takes from the base: the maintainers' instructions and the files to read first. Never from an agent's tree. */
import type { AgentInstruction } from '../../contracts/agent-task.ts';
import { INSTRUCTION_BYTES_MAX, TASK_PATH_CHARS_MAX } from '../../contracts/bounds.ts';
import type { Policy } from '../../domain/policy.ts';
import { withoutEnd } from '../../domain/without-end.ts';
import { filteredFiles } from '../../git/filtered-files.ts';
import { GitError } from '../../git/git-error.ts';
import type { Mirror } from '../../git/mirror.ts';
import { listTree, readBlob } from '../../git/objects.ts';
import { PermanentFailure } from '../effect-failure.ts';
import type { Snapshot } from '../stored.ts';

export interface ContextInput {
  readonly mirror: Mirror;
  readonly base: string;
  readonly policy: Policy;
  readonly snapshot: Snapshot;
}

export interface RunContext {
  readonly instructions: readonly AgentInstruction[];
  readonly contextFiles: readonly string[];
  readonly filteredFiles: readonly string[];
}

const CONTEXT_FILES_MAX = 50;

export async function runContext(input: ContextInput): Promise<RunContext> {
  const tree = await listTree({ mirror: input.mirror }, input.base);
  const files = new Set(tree.filter(entry => /^100/.test(entry.mode)).map(entry => entry.path));
  const { agent } = input.policy;
  const instructions: AgentInstruction[] = [];
  for (const path of agent.instructions)
    instructions.push({ path, text: await instruction(input, files, path) });
  const { title, body } = input.snapshot;
  const named = [...agent.context.filter(path => files.has(path)), ...filesNamed(`${title}\n${body}`, files)];
  return {
    instructions,
    contextFiles: [...new Set(named)].slice(0, CONTEXT_FILES_MAX),
    filteredFiles: await filteredFiles({ mirror: input.mirror }, tree),
  };
}

/** Files of the tree that a text names by full path, in the order of the text. A line number after the path is ignored. */
export function filesNamed(text: string, files: ReadonlySet<string>): readonly string[] {
  const words = text.match(/[\p{L}\p{N}_@+~./-]+/gu) ?? [];
  const paths = words.map(word => withoutEnd(word.replace(/^\.\//, ''), '.-/'));
  // A bare word such as `src` or `LICENSE` rarely means the file.
  const isFile = (path: string): boolean =>
    /[./]/.test(path) && path.length <= TASK_PATH_CHARS_MAX && files.has(path);
  return [...new Set(paths.filter(isFile))];
}

/** A missing instruction file fails the run: the policy requires every run to have it. */
async function instruction(
  { mirror, base }: ContextInput,
  files: ReadonlySet<string>,
  path: string,
): Promise<string> {
  if (!files.has(path))
    throw new PermanentFailure('PolicyInvalid', `agent.instructions: ${base} has no file ${path}`);
  try {
    const bytes = await readBlob({ mirror, commit: base, path, bytesMax: INSTRUCTION_BYTES_MAX });
    return bytes?.toString('utf8') ?? '';
  } catch (error) {
    if (!(error instanceof GitError) || error.kind !== 'output-too-large') throw error;
    throw new PermanentFailure('PolicyInvalid', `agent.instructions: ${error.message}`);
  }
}
