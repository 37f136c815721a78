/** Answers comments with refused commands. The marker of an answer names its comment, so that a repetition finds it. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { isRepeated } from '../../contracts/retries.ts';
import type { Reply } from '../../domain/step.ts';
import { createComment, findMarked } from '../../github/comments.ts';
import type { RepositoryName } from '../../github/credential.ts';
import type { Attempted } from '../effect.ts';
import type { SchedulerPorts } from './ports.ts';

export function writeReplies(ports: SchedulerPorts): Attempted<SchedulerActivities['writeReplies']> {
  return async ({ context, replies }, attempt) => {
    const { owner, repo } = context.issue;
    for (const reply of replies) {
      const isThere = isRepeated(attempt) && (await isWritten(ports, { owner, repo }, reply));
      if (!isThere) await createComment(ports.github, { owner, repo, issue: reply.thread, body: reply.body });
    }
    return { type: 'replied', commentIds: replies.map(({ commentId }) => commentId) };
  };
}

async function isWritten(
  { github, ownLogin }: SchedulerPorts,
  { owner, repo }: RepositoryName,
  { thread, marker }: Reply,
): Promise<boolean> {
  const author = await ownLogin();
  return (await findMarked(github, { owner, repo, issue: thread, marker, author })).length > 0;
}
