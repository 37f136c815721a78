/** Statuses and check runs: what CI reports on a commit, and a check that runs again. */
import type { Annotation, CheckRun, CommitStatus, StatusState } from '../model.ts';
import { renderCheckRun } from '../render/checks.ts';
import { openPulls } from '../world.ts';
import { emit, nowIn, type Act } from './act.ts';
import { checkBounds } from './bounds.ts';

export interface NewStatus {
  readonly sha: string;
  readonly state: StatusState;
  readonly context: string;
  readonly description?: string | null;
  readonly targetUrl?: string | null;
}

export function addStatus(act: Act, input: NewStatus): CommitStatus {
  checkBounds('Status', { context: input.context, description: input.description });
  const status: CommitStatus = {
    id: act.world.nextId(),
    sha: input.sha,
    state: input.state,
    context: input.context,
    description: input.description ?? null,
    targetUrl: input.targetUrl ?? null,
    creator: act.actor,
    createdAt: nowIn(act),
  };
  act.repository.statuses.push(status);
  const { id, sha, state, context, description, targetUrl } = status;
  const branch = branchAt(act, sha);
  const branches = branch === null ? [] : [{ name: branch, commit: { sha }, protected: false }];
  emit(act, 'status', { id, sha, state, context, description, target_url: targetUrl, branches });
  return status;
}

export interface NewCheckRun {
  readonly sha: string;
  readonly name: string;
  readonly status?: CheckRun['status'];
  readonly conclusion?: string;
  readonly summary?: string;
  readonly externalId?: string;
  readonly title?: string;
  readonly detailsUrl?: string;
  /** The slug of the App that reports it; default: GitHub Actions. */
  readonly app?: string;
  readonly annotations?: readonly Annotation[];
  /** The log of the job, if GitHub Actions runs it. */
  readonly log?: string | Buffer;
}

export function addCheckRun(act: Act, input: NewCheckRun): CheckRun {
  checkBounds('CheckRun', { summary: input.summary });
  const { status = 'completed', conclusion = 'success', app = ACTIONS, annotations = [], log } = input;
  const at = nowIn(act);
  const run: CheckRun = {
    ...{ id: act.world.nextId(), sha: input.sha, branch: branchAt(act, input.sha), name: input.name },
    ...{ status, startedAt: at, app, annotations },
    ...(status === 'completed' ? { conclusion, completedAt: at } : { conclusion: null, completedAt: null }),
    ...textsOf(input),
    ...(log === undefined ? {} : { log: Buffer.from(log) }),
  };
  act.repository.checkRuns.push(run);
  emitCheckRun(act, run, status === 'completed' ? 'completed' : 'created');
  return run;
}

type Texts = Pick<CheckRun, 'summary' | 'externalId' | 'title' | 'detailsUrl'>;

function textsOf({ summary, externalId, title, detailsUrl }: NewCheckRun): Texts {
  return {
    ...{ summary: summary ?? null, externalId: externalId ?? '' },
    ...{ title: title ?? null, detailsUrl: detailsUrl ?? null },
  };
}

export const ACTIONS = 'github-actions';

/** A job of GitHub Actions gets another check run. Other Apps are only told. */
export function runAgain(act: Act, run: CheckRun): void {
  if (run.app === ACTIONS) addCheckRun(act, { sha: run.sha, name: run.name, status: 'queued' });
  else emitCheckRun(act, run, 'rerequested');
}

function emitCheckRun(act: Act, run: CheckRun, action: string): void {
  emit(act, 'check_run', { action, check_run: renderCheckRun(act.world, act.repository, run) });
}

/** The branch of the open pull request with this head. */
function branchAt({ repository }: Act, sha: string): string | null {
  return openPulls(repository).find(({ pull }) => pull.headSha === sha)?.pull.headRef ?? null;
}
