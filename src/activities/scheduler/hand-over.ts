/**
 * Lets GitHub merge the approved head, if the approval is still valid: by its merge queue or by auto-merge. And takes it
 * back. What GitHub has is read before each write, so nothing is asked for twice.
 */
import type { EffectInput, SchedulerActivities } from '../../contracts/activities.ts';
import type { FactEvent } from '../../domain/event.ts';
import {
  dequeue,
  disableAutoMerge,
  enableAutoMerge,
  enqueue,
  type HandedOver,
  readHandedOver,
} from '../../github/hand-over.ts';
import type { MutationAnswer } from '../../github/mutation.ts';
import { saysMergeableNow } from '../../github/messages.ts';
import { refusalIn } from '../../github/refusals.ts';
import { PermanentFailure } from '../effect-failure.ts';
import { requireApproval } from './merge-approval.ts';
import { mergeWords } from './merge.ts';
import type { SchedulerPorts } from './ports.ts';

type Input = EffectInput<'hand-over-merge'>;
type Handed = Extract<FactEvent, { type: 'handed-over' | 'hand-over-needless' }>;

export function handOverMerge(ports: SchedulerPorts): SchedulerActivities['handOverMerge'] {
  return async input => {
    const { context, effect } = input;
    await requireApproval(ports, context, effect);
    const before = await whereItIs(ports, input);
    if (before.isThere || before.state === 'MERGED') return handed(effect.head, before);
    const answer = await send(ports, input, before);
    if (answer.kind === 'done') return handed(effect.head);
    return await readBack(ports, input, answer.why);
  };
}

function handed(head: string, { position }: Partial<HandedOver> = {}): Handed {
  return { type: 'handed-over', head, ...(position === undefined ? {} : { position }) };
}

async function whereItIs(
  { github }: SchedulerPorts,
  { context: { issue }, effect: { number, head } }: Input,
): Promise<HandedOver> {
  const found = await readHandedOver(github, { owner: issue.owner, repo: issue.repo, number });
  if (found.head !== head)
    throw new PermanentFailure(
      'HeadMoved',
      `the head of #${number} is ${found.head}, but ${head} was approved`,
    );
  if (found.state === 'CLOSED') throw new PermanentFailure('NotMergeable', `#${number} is closed`);
  return found;
}

async function send(
  { github }: SchedulerPorts,
  { context: { issue }, effect }: Input,
  { pullId }: HandedOver,
): Promise<MutationAnswer> {
  const { way, number, head, title, method = 'merge' } = effect;
  const place = { owner: issue.owner, repo: issue.repo, pullId };
  if (way === 'queue') return await enqueue(github, { ...place, head });
  return await enableAutoMerge(github, { ...place, head, method, ...mergeWords(method, number, title) });
}

/** Somebody may have handed it over at the same time, or pushed. */
async function readBack(ports: SchedulerPorts, input: Input, why: string): Promise<Handed> {
  const { way, head } = input.effect;
  const after = await whereItIs(ports, input);
  if (after.isThere || after.state === 'MERGED') return handed(head, after);
  if (way === 'auto-merge' && saysMergeableNow(why)) return { type: 'hand-over-needless', head };
  const refusal = refusalIn(why, 'merge');
  throw new PermanentFailure(refusal?.failure ?? 'NotMergeable', `GitHub refused it: ${refusal?.why ?? why}`);
}

/** What GitHub does not have is taken back. It may have merged it before. */
export function takeBackMerge({ github }: SchedulerPorts): SchedulerActivities['takeBackMerge'] {
  return async ({ context: { issue }, effect: { number, head } }) => {
    const { owner, repo } = issue;
    const find = async () => await readHandedOver(github, { owner, repo, number });
    const found = await find();
    const place = { owner, repo, pullId: found.pullId };
    if (found.isQueued) await takenOut(dequeue(github, place), find);
    if (found.isAutomatic) await takenOut(disableAutoMerge(github, place), find);
    return { type: 'taken-back', head };
  };
}

/** It may have left just before. */
async function takenOut(taking: Promise<MutationAnswer>, find: () => Promise<HandedOver>): Promise<void> {
  const answer = await taking;
  if (answer.kind === 'refused' && (await find()).isThere)
    throw new PermanentFailure('GitHubInvalid', `GitHub does not give it back: ${answer.why}`);
}
