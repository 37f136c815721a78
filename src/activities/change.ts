/** Builds a stored manifest into a judged commit in a quarantine. The scheduler and the runner each build their own. */
import type { ArtifactStore } from '../artifacts/port.ts';
import { CHANGED_FILES_BYTES_MAX } from '../contracts/bounds.ts';
import type { Manifest } from '../contracts/change-manifest.ts';
import { GIVES_UP_AT_ATTEMPT } from '../contracts/retries.ts';
import type { CommitMaker } from '../config/commit-settings.ts';
import { COMMIT_IDENTITY, withSignOff } from '../domain/commit-identity.ts';
import type { Policy } from '../domain/policy.ts';
import type { Refusal } from '../domain/state/work.ts';
import type { RepositoryFacts } from '../domain/state/reading.ts';
import type { BuildPlan } from '../domain/step.ts';
import { type History, historyOf } from '../git/history.ts';
import { judgeCommit } from '../git/judge-commit.ts';
import type { ChangeJudgement } from '../git/judge-change.ts';
import { ensureMirror, fetchRef, type Mirror, resolve } from '../git/mirror.ts';
import { buildCommit, type BuiltCommit, disposeQuarantine } from '../git/quarantine.ts';
import type { GitRemote } from '../git/remote.ts';
import { PermanentFailure, TransientFailure } from './effect-failure.ts';
import { loadManifest } from './stored.ts';

export interface ChangePorts {
  readonly artifacts: ArtifactStore;
  readonly mirrorsDir: string;
  readonly remote: (repository: RepositoryFacts) => GitRemote;
}

export interface ChangeInput {
  readonly repository: RepositoryFacts;
  readonly policy: Policy;
  readonly plan: BuildPlan;
  /** For a commit that is built for the first time; otherwise the plan says it. */
  readonly maker?: CommitMaker;
  /** Ends the fetch or the build when the activity is cancelled. */
  readonly signal?: AbortSignal;
}

export interface JudgedChange {
  readonly mirror: Mirror;
  readonly built: BuiltCommit;
  readonly judgement: ChangeJudgement;
}

export interface MirrorInput {
  readonly repository: RepositoryFacts;
  readonly commit: string;
  readonly history: History;
  readonly signal?: AbortSignal | undefined;
}

/** Returns a mirror that has the commit; fetches only when the commit is missing. */
export async function mirrorWith(
  ports: ChangePorts,
  { repository, commit, history, signal }: MirrorInput,
): Promise<Mirror> {
  const key = mirrorKey(repository.id, history);
  const mirror = await ensureMirror({ root: ports.mirrorsDir, key });
  if ((await resolve(mirror, commit)) !== undefined) return mirror;
  const from = { mirror, remote: ports.remote(repository), history, signal };
  const branch = `refs/heads/${repository.target?.branch ?? repository.defaultBranch}`;
  // A shallow branch would bring its latest commit only.
  const [first, second] = history.kind === 'shallow' ? [commit, branch] : [branch, commit];
  await fetchRef({ ...from, ref: first });
  if ((await resolve(mirror, commit)) === undefined) await fetchRef({ ...from, ref: second });
  if ((await resolve(mirror, commit)) === undefined)
    throw new TransientFailure('Git:absent', `GitHub does not have the base commit ${commit}`, {
      givingUp: { atAttempt: GIVES_UP_AT_ATTEMPT.baseAbsent, as: 'GitHubNotFound' },
    });
  return mirror;
}

/** A mirror with shallow commits is one of its own: git could not tell which of its histories are complete. */
export function mirrorKey(repositoryId: number, { kind }: History): string {
  return kind === 'shallow' ? `${repositoryId}-shallow` : String(repositoryId);
}

/** Runs `use` while the quarantine exists. Refusals are a result, not an error: the entire change is rejected. */
export async function withJudgedChange<T>(
  ports: ChangePorts,
  input: ChangeInput,
  use: (change: JudgedChange) => Promise<T>,
): Promise<T | { readonly refusals: readonly Refusal[] }> {
  const { plan, policy, repository, signal } = input;
  const manifest = await loadManifest(ports.artifacts, plan.manifest);
  if ('problem' in manifest) return { refusals: [{ path: '(entire change)', reason: manifest.problem }] };
  if (manifest.refused.length > 0) return { refusals: manifest.refused };
  const problem = namesProblem(manifest);
  if (problem !== undefined) return { refusals: [{ path: '(entire change)', reason: problem }] };
  const mirror = await mirrorWith(ports, {
    repository,
    commit: plan.base,
    history: historyOf(policy.workspace),
    signal,
  });
  const author = plan.author ?? input.maker?.identity ?? COMMIT_IDENTITY;
  const built = await buildCommit({
    mirror,
    base: plan.base,
    entries: manifest.entries,
    message: policy.change.signOff === true ? withSignOff(plan.message, author) : plan.message,
    author,
    ...signedBy(input),
    when: new Date(plan.when * 1_000),
    signal,
  });
  if (built.kind === 'refused') return { refusals: built.refusals };
  try {
    const judgement = await judgeCommit({
      mirror,
      objectDirectory: built.quarantine.objectDirectory,
      base: plan.base,
      commit: built.commit,
      limits: {
        filesMax: policy.change.filesMax,
        fileBytesMax: policy.change.bytesMax,
        expandedBytesMax: policy.change.bytesMax,
      },
      policy: { allowedPaths: policy.change.allowedPaths, protectedPaths: policy.change.protectedPaths },
    });
    const refusals = [...built.refusals, ...judgement.refusals];
    if (refusals.length > 0) return { refusals };
    return await use({ mirror, built, judgement });
  } finally {
    await disposeQuarantine(built.quarantine);
  }
}

function signedBy({ plan: { signature }, maker }: ChangeInput): {
  readonly sign?: (commit: Buffer) => string;
} {
  const sign = signature === undefined ? maker?.sign : () => signature;
  return sign === undefined ? {} : { sign };
}

/** The names of the files become part of the workflow's state and messages. */
function namesProblem({ entries }: Manifest): string | undefined {
  if (entries.length === 0) return 'the change contains no files';
  const bytes = Buffer.byteLength(JSON.stringify(entries.map(({ path }) => path)));
  return bytes > CHANGED_FILES_BYTES_MAX
    ? `the names of the changed files have more than ${CHANGED_FILES_BYTES_MAX} bytes`
    : undefined;
}

/** The pushed commit must be the verified one: the same inputs must produce the same commit here. */
export async function withVerifiedChange<T>(
  ports: ChangePorts,
  input: ChangeInput & { readonly commit: string },
  use: (change: JudgedChange) => Promise<T>,
): Promise<T> {
  const result = await withJudgedChange<{ readonly value: T }>(ports, input, async change => {
    if (change.built.commit !== input.commit) {
      throw new PermanentFailure(
        'CommitDiffers',
        `the rebuilt commit is ${change.built.commit}, expected ${input.commit}`,
      );
    }
    return { value: await use(change) };
  });
  if ('refusals' in result)
    throw new PermanentFailure(
      'CommitDiffers',
      `the change was refused when it was rebuilt: ${result.refusals[0]?.reason ?? ''}`,
    );
  return result.value;
}
