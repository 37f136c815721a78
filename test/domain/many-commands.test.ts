/** Outsiders can write thousands of commands. They are taken in portions, and what each leaves is stored before the next. */
import { expect, test } from '@jest/globals';
import { LOOK_COMMANDS_MAX } from '../../src/contracts/bounds.ts';
import { COMMANDS_MAX } from '../../src/domain/command.ts';
import { REASON_CHARS_MAX } from '../../src/domain/decision.ts';
import { evolve } from '../../src/domain/evolve/evolve.ts';
import type { Observation, ObservedCommand } from '../../src/domain/observation.ts';
import type { IssueState } from '../../src/domain/state.ts';
import { nextUpkeep } from '../../src/domain/upkeep.ts';
import { Scene } from './mutants/scene.ts';

/** Temporal ends a workflow that sends more in one message. */
const MESSAGE_BYTES_MAX = 2_000_000;
const PORTIONS = 20;

function command(commentId: number): ObservedCommand {
  return {
    commentId,
    author: { login: 'rita', type: 'User' },
    role: { kind: 'role', role: 'read' },
    edited: false,
    request: { kind: 'reject', reason: '\u0000'.repeat(REASON_CHARS_MAX) },
    unclear: '„'.repeat(200),
  };
}

/** One look: a full portion, and perhaps a comment more. */
function portion(from: number, more: boolean): Observation {
  const count = LOOK_COMMANDS_MAX + COMMANDS_MAX - 1;
  const commands = Array.from({ length: count }, (_, index) => command(from + index + 1));
  const comments = { commands, lastId: from + count, status: null, ...(more ? { more } : {}) };
  return { facets: ['comments'], comments };
}

function observed(state: IssueState, observation: Observation): IssueState {
  return evolve(state, { type: 'observed', observation, mark: state.mark, at: state.at });
}

test('each portion has its look, and no message becomes too large', () => {
  let { state } = new Scene({ signOff: 'low' }).until('start').world;
  state = evolve(state, { type: 'poked', facets: ['comments'], at: state.at });
  const sizes: number[] = [];
  for (let read = 0; read < PORTIONS;) {
    const upkeep = nextUpkeep(state);
    sizes.push(JSON.stringify([upkeep, state]).length);
    if (upkeep?.kind === 'archive-audit') {
      const upTo = state.audit.nextSeq - 1;
      state = evolve(state, { type: 'audit-archived', upTo, digest: state.audit.head, at: state.at });
      continue;
    }
    expect(upkeep).toMatchObject({ kind: 'look', facets: ['comments'] });
    read += 1;
    const observation = portion(state.commentsReadTo, read < PORTIONS);
    sizes.push(JSON.stringify(observation).length);
    state = observed(state, observation);
  }
  expect(Math.max(...sizes)).toBeLessThan(MESSAGE_BYTES_MAX);
  expect(nextUpkeep(state)?.kind).not.toBe('look');
  expect(state.audit.nextSeq).toBeGreaterThan(PORTIONS * LOOK_COMMANDS_MAX);
});

test('a single portion has nothing read again, and archives nothing before its status is shown', () => {
  const { state } = new Scene({ signOff: 'low' }).until('start').world;
  const { commands, ...comments } = portion(state.commentsReadTo, false).comments ?? {
    commands: [],
    lastId: 0,
    status: null,
  };
  const few = commands.slice(0, COMMANDS_MAX);
  const read = observed(state, { facets: ['comments'], comments: { ...comments, commands: few } });
  expect(nextUpkeep(read)?.kind).toBe('project');
});
