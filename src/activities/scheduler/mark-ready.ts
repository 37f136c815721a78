/** Marks our draft as ready for review. What is ready already needs nothing, so a repetition changes nothing. */
import type { EffectInput, SchedulerActivities } from '../../contracts/activities.ts';
import { markReadyForReview } from '../../github/draft.ts';
import { getPull, type Pull } from '../../github/pulls.ts';
import { PermanentFailure, TransientFailure } from '../effect-failure.ts';
import type { SchedulerPorts } from './ports.ts';

type Input = EffectInput<'mark-ready'>;

export function markReady(ports: SchedulerPorts): SchedulerActivities['markReady'] {
  return async input => {
    const { context, effect } = input;
    const { owner, repo } = context.issue;
    const done = { type: 'marked-ready', head: effect.head } as const;
    const { draft, nodeId: pullId } = await ours(ports, input);
    if (!draft) return done;
    const answer = await markReadyForReview(ports.github, { owner, repo, pullId });
    if (answer.kind === 'done' || !(await ours(ports, input)).draft) return done;
    throw new PermanentFailure(
      'GitHubInvalid',
      `GitHub does not mark #${effect.number} as ready: ${answer.why}`,
    );
  };
}

/** Only the head whose checks have passed is shown to people as ready. */
async function ours(
  { github }: SchedulerPorts,
  { context: { issue }, effect: { number, head } }: Input,
): Promise<Pull> {
  const pull = await getPull(github, { owner: issue.owner, repo: issue.repo, number });
  // The next look says what people did, and then something else is done.
  if (pull.headSha !== head)
    throw new TransientFailure('HeadMoved', `the head of #${number} is ${pull.headSha}, not ${head}`);
  if (pull.state === 'closed') throw new TransientFailure('PullRequestClosed', `#${number} is closed`);
  return pull;
}
