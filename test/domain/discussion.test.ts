/** People discuss an issue: nothing is done, written or asked again because of it. */
import { expect, test } from '@jest/globals';
import type { EventBody } from '../../src/domain/event.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { nextUpkeep } from '../../src/domain/upkeep.ts';
import { PEOPLE } from './life/fixtures.ts';
import { after, AUTO, Scene } from './mutants/scene.ts';

const told: EventBody = { type: 'poked', facets: ['comments'] };
const found = (at: number, commands: readonly object[] = []): EventBody =>
  ({
    type: 'observed',
    observation: {
      facets: ['comments'],
      comments: { commands, lastId: 1_000 + at, editsReadTo: `2026-11-30T12:00:${at}Z`, status: 1 },
    },
  }) as EventBody;

test('fifty comments cost one look each, and change neither the step nor what is shown', () => {
  let { state } = new Scene(AUTO).until('merge').flow().world;
  const step = nextStep(state);
  const { records } = state.audit;
  for (let at = 1; at <= 50; at++) {
    state = after(state, told, 0);
    expect(nextUpkeep(state)).toMatchObject({ kind: 'look', facets: ['comments'] });
    state = after(state, found(at), 0);
    expect(nextUpkeep(state)).toBeUndefined();
    expect(nextStep(state)).toEqual(step);
  }
  expect(state.audit.records).toEqual(records);
  // Control: a command is shown.
  const { account: author, role } = PEOPLE.ann;
  const command = { commentId: 2_000, author, role, edited: false, request: { kind: 'pause' } };
  const paused = after(after(state, told, 0), found(59, [command]), 0);
  expect(nextUpkeep(paused)?.kind).toBe('project');
});
