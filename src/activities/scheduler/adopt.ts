/**
 * Reads the commits that a person adopted: fetches exactly the adopted head, and stores its files as the change of a run.
 * They are judged, built and verified afterwards like any change; nothing of them runs here.
 */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { manifestText } from '../../contracts/manifest-text.ts';
import { omit } from '../../domain/omit.ts';
import type { RepositoryFacts } from '../../domain/state/reading.ts';
import { targetHead } from '../../domain/target.ts';
import { baseOfHead, filesOfHead, type HeadOfOthers } from '../../git/head-of-others.ts';
import { type History, historyOf } from '../../git/history.ts';
import { fetchRef, type Mirror, resolve } from '../../git/mirror.ts';
import { type ChangePorts, mirrorWith } from '../change.ts';
import { repositoryOf } from '../effect-context.ts';
import { loadPolicy } from '../stored.ts';
import { changePorts } from './change-ports.ts';
import type { SchedulerPorts } from './ports.ts';

export function adoptCommits(ports: SchedulerPorts): SchedulerActivities['adoptCommits'] {
  return async ({ context, effect }) => {
    const { runId, head, ours, branch } = effect;
    const repository = repositoryOf(context);
    const { change, workspace } = await loadPolicy(ports.artifacts, context.policy);
    const git = changePorts(ports, context);
    const into = targetHead(repository) ?? repository.head;
    // Where commits of others begin is a question to the history, also if agents get none.
    const history = historyOf(omit(workspace, 'history'));
    const mirror = await mirrorWith(git, { repository, commit: into, history });
    const refused = (reason: string) => ({ type: 'adoption-refused', head, reason }) as const;
    if (!(await hasHead(git, { repository, mirror, head, branch, history })))
      return refused('GitHub does not have this commit any more');
    const found: HeadOfOthers = { mirror, head, ours, into };
    const based = await baseOfHead(found);
    if ('reason' in based) return refused(based.reason);
    const { base } = based;
    const files = await filesOfHead(found, base, change);
    if ('reason' in files) return refused(files.reason);
    const manifest = await ports.artifacts.put(manifestText(files), 'application/octet-stream');
    return { type: 'commits-adopted', runId, head, base, manifest };
  };
}

interface Wanted {
  readonly repository: RepositoryFacts;
  readonly mirror: Mirror;
  readonly head: string;
  readonly branch: string;
  readonly history: History;
}

/** The branch normally has it. If it has moved since, GitHub may still give the commit by its id. */
async function hasHead(
  git: ChangePorts,
  { repository, mirror, head, branch, history }: Wanted,
): Promise<boolean> {
  if ((await resolve(mirror, head)) !== undefined) return true;
  const from = { mirror, remote: git.remote(repository), history };
  await fetchRef({ ...from, ref: `refs/heads/${branch}` });
  return (
    (await resolve(mirror, head)) !== undefined || (await fetchRef({ ...from, ref: head })) !== undefined
  );
}
