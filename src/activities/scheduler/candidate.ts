/** What a merge would make of the head and the present target branch, or why git cannot; and what a merge made. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { plainLine } from '../../domain/posted-text.ts';
import { parentOf } from '../../git/change-presence.ts';
import { historyOf } from '../../git/history.ts';
import { type CommitLine, commitsOn, filesOfBoth } from '../../git/merge-onto.ts';
import { treeOf } from '../../git/objects.ts';
import { patchId } from '../../git/patch-id.ts';
import { withCandidate } from '../candidate.ts';
import { mirrorWith } from '../change.ts';
import { repositoryOf } from '../effect-context.ts';
import { PermanentFailure } from '../effect-failure.ts';
import { loadPolicy } from '../stored.ts';
import { changePorts } from './change-ports.ts';
import type { SchedulerPorts } from './ports.ts';

/** Most paths and commits that go into the workflow's state, and most characters of a commit's subject. */
const PATHS_MAX = 50;
const COMMITS_MAX = 10;
const SUBJECT_CHARS_MAX = 100;
const SHORT_ID_CHARS = 12;

export function buildCandidate(ports: SchedulerPorts): SchedulerActivities['buildCandidate'] {
  return async ({ context, effect }) => {
    const { runId, base, head, from } = effect;
    const policy = await loadPolicy(ports.artifacts, context.policy);
    const input = { repository: repositoryOf(context), policy, base, head, from };
    return await withCandidate(changePorts(ports, context), input, async ({ question, merged }) => {
      if (merged.kind === 'conflict') {
        const paths = merged.paths.slice(0, PATHS_MAX);
        const commits = paths.length === 0 ? [] : await commitsOn(question, paths, COMMITS_MAX);
        return { type: 'merge-conflict', runId, base, paths, commits: commits.map(lineOf) };
      }
      const patch = await patchId(question, base, merged.tree);
      const sameFiles = (await filesOfBoth(question)).slice(0, PATHS_MAX);
      const baseTree = await treeOf(question, base);
      return {
        ...{ type: 'candidate-built', base, head, tree: merged.tree, baseTree },
        ...(patch === undefined ? {} : { patch }),
        ...(sameFiles.length === 0 ? {} : { sameFiles }),
      };
    });
  };
}

function lineOf({ commit, subject }: CommitLine): string {
  return `${commit.slice(0, SHORT_ID_CHARS)} ${plainLine(subject, SUBJECT_CHARS_MAX)}`.trim();
}

export function readArrival(ports: SchedulerPorts): SchedulerActivities['readArrival'] {
  return async ({ context, effect: { merge: commit } }) => {
    const { workspace } = await loadPolicy(ports.artifacts, context.policy);
    const mirror = await mirrorWith(changePorts(ports, context), {
      repository: repositoryOf(context),
      commit,
      history: historyOf(workspace),
    });
    const base = await parentOf({ mirror }, commit);
    if (base === undefined) throw new PermanentFailure('Unexpected', `the merge ${commit} has no parent`);
    return { type: 'arrived', arrival: { commit, base, tree: await treeOf({ mirror }, commit) } };
  };
}
