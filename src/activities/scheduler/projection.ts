/**
 * Writes what people see: our labels and the status comment. Never touches labels and comments of others. What GitHub refuses
 * to show is left out, because nothing depends on it.
 */
import type { ProjectInput, SchedulerActivities } from '../../contracts/activities.ts';
import { isRepeated } from '../../contracts/retries.ts';
import { withoutText } from '../../domain/status-comment.ts';
import { createComment, deleteComment, findMarked, updateComment } from '../../github/comments.ts';
import { isFailure, isRefusedWrite } from '../../github/failure.ts';
import { addLabels, removeLabel } from '../../github/labels.ts';
import type { Attempted } from '../effect.ts';
import type { SchedulerPorts } from './ports.ts';

export function writeProjection(ports: SchedulerPorts): Attempted<SchedulerActivities['writeProjection']> {
  return async (input, attempt) => {
    const labels = await writeLabels(ports, input);
    const commentId = await writeComment(ports, input, isRepeated(attempt));
    return { type: 'projected', digest: input.digest, commentId, labels };
  };
}

/** Returns our labels that the issue has then. An issue has at most 100 labels, so GitHub may refuse another one. */
async function writeLabels(
  { github }: SchedulerPorts,
  { context, projection, labelsBefore }: ProjectInput,
): Promise<readonly string[]> {
  const { owner, repo, number: issue } = context.issue;
  const stale = labelsBefore.filter(before => !projection.labels.includes(before));
  const added = projection.labels.filter(label => !labelsBefore.includes(label));
  const wasAdded =
    added.length === 0 || (await unlessRefused(addLabels(github, { owner, repo, issue, labels: added })));
  for (const label of stale) await removeLabel(github, { owner, repo, issue, label });
  return wasAdded ? projection.labels : projection.labels.filter(label => !added.includes(label));
}

async function unlessRefused(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (!isRefusedWrite(error)) throw error;
    return false;
  }
}

/** If GitHub refuses the text, the comment says so instead. */
async function writeComment(ports: SchedulerPorts, input: ProjectInput, repeated: boolean): Promise<number> {
  try {
    return await writeText(ports, input, repeated);
  } catch (error) {
    if (!isRefusedWrite(error)) throw error;
    const { projection, context } = input;
    const comment = withoutText(projection, context.issue);
    return await writeText(ports, { ...input, projection: { ...projection, comment } }, repeated);
  }
}

/** Edits the comment by its id. Without an id, or when it was deleted, looks for the marker; creates one only if none exists. */
async function writeText(ports: SchedulerPorts, input: ProjectInput, repeated: boolean): Promise<number> {
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
  // Only this function creates the comment: if a look found none, there is none before the first attempt.
  const found = repeated || input.commentId !== null ? await oldestOfOurs(ports, input) : undefined;
  if (found !== undefined)
    return (await updateComment(ports.github, { owner, repo, commentId: found, body })).id;
  const { id } = await createComment(ports.github, { owner, repo, issue, body });
  // The list may have been stale, and an earlier attempt may have created a comment before its response was lost.
  return repeated ? ((await oldestOfOurs(ports, input)) ?? id) : id;
}

/** Keeps the oldest comment with our marker and deletes the others. */
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
