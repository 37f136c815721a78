/** Writes what people see: our labels, and the one status comment. Foreign labels and comments are never touched. */
import type { ProjectInput, SchedulerActivities } from '../../contracts/activities.ts';
import { isRepeated } from '../../contracts/retries.ts';
import { createComment, deleteComment, findMarked, updateComment } from '../../github/comments.ts';
import { isFailure } from '../../github/failure.ts';
import { addLabels, removeLabel } from '../../github/labels.ts';
import type { Attempted } from '../effect.ts';
import type { SchedulerPorts } from './ports.ts';

export function writeProjection(ports: SchedulerPorts): Attempted<SchedulerActivities['writeProjection']> {
  return async (input, attempt) => {
    await writeLabels(ports, input);
    const commentId = await writeComment(ports, input, isRepeated(attempt));
    return { type: 'projected', digest: input.digest, commentId, labels: input.projection.labels };
  };
}

async function writeLabels(
  { github }: SchedulerPorts,
  { context, projection, labelsBefore }: ProjectInput,
): Promise<void> {
  const { owner, repo, number: issue } = context.issue;
  const added = projection.labels.filter(label => !labelsBefore.includes(label));
  if (added.length > 0) await addLabels(github, { owner, repo, issue, labels: added });
  for (const label of labelsBefore.filter(before => !projection.labels.includes(before))) {
    await removeLabel(github, { owner, repo, issue, label });
  }
}

/** Edited by its id. Without one, or when it was deleted: found by the marker, created only when there is none. */
async function writeComment(ports: SchedulerPorts, input: ProjectInput, repeated: boolean): Promise<number> {
  const { owner, repo } = input.context.issue;
  const body = input.projection.comment;
  const { commentId } = input;
  if (typeof commentId === 'number') {
    try {
      return (await updateComment(ports.github, { owner, repo, commentId, body })).id;
    } catch (error) {
      if (!isFailure(error, 'not-found')) throw error;
    }
  }
  return await findOrCreate(ports, input, repeated);
}

async function findOrCreate(ports: SchedulerPorts, input: ProjectInput, repeated: boolean): Promise<number> {
  const body = input.projection.comment;
  const { owner, repo, number: issue } = input.context.issue;
  // Only we make one, and only here: what a look has not seen is not there before our first attempt.
  const found = repeated || input.commentId !== null ? await oldestOfOurs(ports, input) : undefined;
  if (found !== undefined)
    return (await updateComment(ports.github, { owner, repo, commentId: found, body })).id;
  const { id } = await createComment(ports.github, { owner, repo, issue, body });
  // The list may have been behind, and an earlier attempt have created one before its answer got lost.
  return repeated ? ((await oldestOfOurs(ports, input)) ?? id) : id;
}

/** Removes all others that carry our marker. */
async function oldestOfOurs(
  { github, ownLogin }: SchedulerPorts,
  { context, projection: { marker } }: ProjectInput,
): Promise<number | undefined> {
  const { owner, repo, number: issue } = context.issue;
  const author = await ownLogin();
  const [kept, ...extra] = await findMarked(github, { owner, repo, issue, marker, author });
  for (const { id } of extra) await deleteComment(github, { owner, repo, commentId: id });
  return kept?.id;
}
