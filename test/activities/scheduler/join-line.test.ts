/** Joining the line of merges: one request with the identity of the place, again and again the same. */
import { expect, test } from '@jest/globals';
import { joinLine } from '../../../src/activities/scheduler/join-line.ts';
import { effect } from '../../../src/activities/effect.ts';
import type { EffectInput } from '../../../src/contracts/activities.ts';
import type { JoinRequest } from '../../../src/domain/line/state.ts';
import { perform } from '../support/perform.ts';

const input: EffectInput<'join-line'> = {
  context: { issue: { owner: 'acme', repo: 'shop', number: 7 }, generation: 1 },
  effect: { kind: 'join-line', id: '1.1', target: 'main', head: 'abc', approvedAt: 5 },
};

test('the request names issue, place, branch and head, and its answer says the same', async () => {
  const asked: object[] = [];
  const join = async (repository: object, request: JoinRequest): Promise<void> => {
    asked.push({ repository, request });
  };
  const activity = effect(joinLine({ lines: { join } }));
  const fact = { type: 'line-joined', id: '1.1', head: 'abc', target: 'main' };
  expect([await perform(activity, input), await perform(activity, input)]).toMatchObject([
    ...[{ ended: { fact } }, { ended: { fact } }],
  ]);
  const request = { id: '1.1', issue: 7, target: 'main', head: 'abc', approvedAt: 5 };
  const once = { repository: { owner: 'acme', repo: 'shop' }, request };
  expect(asked).toEqual([once, once]);
});

test('without an answer nothing is taken as joined; a scheduler without lines is a defect', async () => {
  const join = (): Promise<void> => Promise.reject(new Error('unreachable'));
  await expect(perform(effect(joinLine({ lines: { join } })), input)).rejects.toThrow('unreachable');
  expect(await perform(effect(joinLine({})), input)).toMatchObject({ ended: { failure: 'Unexpected' } });
});
