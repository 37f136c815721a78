/** One table of limits: each names its field of the policy, what it comes to, and what follows; the rules use it. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicyFile } from '../../src/config/policy-file.ts';
import { policyFields } from '../../scripts/support/policy-table.ts';
import { ENDING_RULES } from '../../src/domain/ending.ts';
import { CHANGE_LIMITS, ISSUE_LIMITS, limitProblem, RUN_LIMITS } from '../../src/domain/limits.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import type { IssueState } from '../../src/domain/state.ts';
import type { RunFacts } from '../../src/domain/state/work.ts';
import { flow } from './life/acts.ts';
import { policyOf } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { decide } from './life/people.ts';
import { World } from './life/world.ts';

const policyDoc = readFileSync(join(import.meta.dirname, '../../docs/policy.md'), 'utf8');
const policyFieldNames = policyFields().map(({ name }) => name);
const all = [...RUN_LIMITS, ...ISSUE_LIMITS, ...CHANGE_LIMITS];

describe('a limit', () => {
  test.each(all.map(({ name, field }) => [name, field]))(
    '“%s” is a field of the policy: %s',
    (_name, field) => {
      expect(policyFieldNames).toContain(field);
      expect(policyDoc).toContain(`\`${field}\``);
    },
  );

  test('of every field of the policy that is one stands in the table', () => {
    const inTable = new Set(all.map(({ field }) => field));
    const limits = policyFieldNames.filter(name => name.startsWith('limits.'));
    expect(limits).not.toEqual([]);
    expect(limits.filter(name => !inTable.has(name))).toEqual([]);
  });

  test.each(RUN_LIMITS.map(limit => [limit.name, limit.ending] as const))(
    '“%s” ends a run as %s, and what follows is another attempt or a person',
    (_name, ending) => {
      expect(['retry', 'ask']).toContain(ENDING_RULES[ending].sequel);
      const world = new World(
        newGitHub({
          policy: policyOf({ mode: 'auto-run' }),
          nextRun: { ending, path: 'a.ts', concern: false },
        }),
      );
      flow(world);
      const retried = ENDING_RULES[ending].sequel === 'retry';
      expect(world.state.runs).toHaveLength(retried ? 3 : 1);
      expect(nextStep(world.state)).toMatchObject({ kind: 'hold', hold: { kind: 'blocked' } });
    },
  );

  test('that was reached is a lesson for the next attempt', () => {
    const lessons: (readonly string[])[] = [];
    const world = new World(
      newGitHub({
        policy: policyOf({ mode: 'auto-run' }),
        nextRun: { ending: 'silence', path: 'a.ts', concern: false },
      }),
      { starts: (_state, effect) => effect.kind === 'run-agent' && lessons.push(effect.lessons) },
    );
    flow(world);
    expect(lessons).toEqual([
      [],
      ['attempt 1: silence: did silence'],
      ['attempt 1: silence: did silence', 'attempt 2: silence: did silence'],
    ]);
  });
});

describe('a limit of the issue', () => {
  const reached: Readonly<Record<string, Partial<RunFacts['end'] & object>>> = {
    'money of an issue': { ending: 'crashed', usage: { inputTokens: 0, outputTokens: 0, costUsd: 2 } },
    attempts: { ending: 'crashed' },
    'lost runs': { ending: 'lost' },
  };
  const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

  function after(runs: number, end: Partial<NonNullable<RunFacts['end']>>): IssueState {
    const world = new World(newGitHub({ policy: policyOf({ mode: 'auto-run' }) }));
    const made = Array.from({ length: runs }, (_, index): RunFacts => ({
      runId: `g1-a${index + 1}`,
      attempt: index + 1,
      mode: 'auto-run',
      inputs: { subject: 'sha256:s', policy: 'sha256:p', base: 'b' },
      startedAt: 1,
      end: { ending: 'crashed', endedAt: 2, summary: '', usage, ...end },
    }));
    return { ...world.state, policy: policyOf({ mode: 'auto-run' }), runs: made };
  }

  test.each(ISSUE_LIMITS.map(limit => [limit.name, limit] as const))(
    '“%s” lets no other run begin just when it is reached, and says what to do',
    (name, limit) => {
      const runs = [0, 1, 2, 3, 4].filter(count => {
        const state = after(count, reached[name] ?? {});
        const isReached = limit.used(state) >= limit.max(policyOf().limits);
        expect(limitProblem(state) !== undefined).toBe(isReached);
        return isReached;
      });
      const [first = 0] = runs;
      const state = after(first, reached[name] ?? {});
      expect(limitProblem(state)).toEqual({
        reason: limit.reason(limit.max(policyOf().limits), state),
        fix: limit.fix,
      });
      expect(first).toBeGreaterThan(0);
    },
  );

  test('that counts runs is counted anew after a retry; money is not', () => {
    const world = new World(
      newGitHub({
        policy: policyOf({ mode: 'auto-run', costUsdPerIssueMax: 0.45 }),
        nextRun: { ending: 'silence', path: 'a.ts', concern: false },
      }),
    );
    flow(world);
    expect(limitProblem(world.state)?.reason).toContain('3 attempts are used up');
    decide(world, 'ann', { kind: 'retry' });
    flow(world);
    expect(world.state.runs).toHaveLength(5);
    expect(limitProblem(world.state)?.reason).toContain('budget of 0.45 USD is used up');
    decide(world, 'ann', { kind: 'retry' });
    flow(world);
    expect(world.state.runs).toHaveLength(5);
  });

  test('is what the policy file says', () => {
    const reading = parsePolicyFile('version: 1\nlimits: { attempts: 2, lostRuns: 4, costUsdPerIssue: 7 }\n');
    const { limits } = 'policy' in reading ? reading.policy : policyOf();
    expect(ISSUE_LIMITS.map(limit => limit.max(limits))).toEqual([7, 2, 4]);
  });
});
