/** Reads the person's repository: the commit to start from, and the policy at that commit. */
import { resolve } from 'node:path';
import { CliError, EXIT } from '../../client/cli/exit.ts';
import type { HandAsk } from '../../client/cli/run/by-hand.ts';
import { parsePolicyFile, POLICY_PATH, problemText } from '../../config/policy-file.ts';
import { POLICY_FILE_BYTES_MAX } from '../../contracts/bounds.ts';
import type { Policy } from '../../domain/policy.ts';
import { GitError } from '../../git/git-error.ts';
import { historyOf } from '../../git/history.ts';
import { readBlob } from '../../git/objects.ts';
import {
  findSource,
  isShallow,
  sourceCommit,
  type SourceRepository,
  sourceTrouble,
} from '../../git/source-repository.ts';

export interface Source {
  readonly repository: SourceRepository;
  readonly base: string;
  readonly policy: Policy;
  readonly policyFrom: 'base' | 'defaults';
}

export async function readSource(ask: HandAsk, say: (line: string) => void): Promise<Source> {
  const dir = resolve(ask.workingDirectory, ask.repoDir);
  const repository = await findSource(dir);
  if (repository === undefined) throw new CliError(EXIT.usage, `${dir} is not a git repository`);
  const trouble = await sourceTrouble(repository);
  if (trouble !== undefined) throw new CliError(EXIT.usage, trouble);
  const base = await baseOf(repository, ask.base);
  const text = await policyText(repository, base);
  const policy = parsed(text);
  await requireHistory(repository, policy);
  say(`base: ${base} (${ask.base}); changes that are not committed are not included`);
  if (text === undefined)
    say(`policy: no ${POLICY_PATH} at the base; using the defaults, which have no verification command`);
  return { repository, base, policy, policyFrom: text === undefined ? 'defaults' : 'base' };
}

async function requireHistory(repository: SourceRepository, { workspace }: Policy): Promise<void> {
  if (historyOf(workspace).kind === 'shallow' || !(await isShallow(repository))) return;
  throw new CliError(EXIT.usage, {
    what: `${repository.root} is a shallow clone, and the policy gives agents the history`,
    fix: 'run `git fetch --unshallow` in it, or set workspace.history to shallow',
  });
}

async function baseOf(repository: SourceRepository, revision: string): Promise<string> {
  const commit = await sourceCommit(repository, revision).catch((error: unknown) => {
    if (error instanceof GitError && error.kind === 'bad-input')
      throw new CliError(EXIT.usage, {
        what: `--base ${revision} is not valid`,
        fix: 'name a branch, a tag or a full commit id',
      });
    throw error;
  });
  if (commit !== undefined) return commit;
  throw new CliError(EXIT.usage, `${repository.root} has no commit ${revision}`);
}

async function policyText(repository: SourceRepository, base: string): Promise<string | undefined> {
  const mirror = { root: repository.root, gitDir: repository.commonDir };
  const bytes = await readBlob({ mirror, commit: base, path: POLICY_PATH, bytesMax: POLICY_FILE_BYTES_MAX });
  return bytes?.toString('utf8');
}

function parsed(text = 'version: 1'): Policy {
  const reading = parsePolicyFile(text);
  if ('policy' in reading) return reading.policy;
  const named = reading.problems.slice(0, 5).map(problemText);
  throw new CliError(EXIT.no, `cannot use ${POLICY_PATH} at the base: ${named.join('; ')}`);
}
