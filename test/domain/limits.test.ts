/** The table of limits: each names its policy field, its value and what follows, and the rules read it. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicyFile } from '../../src/config/policy-file.ts';
import { policyFields } from '../../scripts/support/policy-table.ts';
import { ENDING_RULES } from '../../src/domain/ending.ts';
import { CHANGE_LIMITS, ISSUE_LIMITS, limitProblem, RUN_LIMITS } from '../../src/domain/limits.ts';
import type { IssueState } from '../../src/domain/state.ts';
import type { RunFacts } from '../../src/domain/state/work.ts';
import { flow } from './life/acts.ts';
import { policyOf } from './life/fixtures.ts';
import { decide } from './life/people.ts';
import { AUTO, Scene } from './mutants/scene.ts';

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

  test('exists in the table for every `limits` field of the policy', () => {
    const inTable = new Set(all.map(({ field }) => field));
    const limits = policyFieldNames.filter(name => name.startsWith('limits.'));
    expect(limits).not.toEqual([]);
    expect(limits.filter(name => !inTable.has(name))).toEqual([]);
  });

  test('of a run ends it with an ending that leads to another attempt or to a person', () => {
    for (const { ending } of RUN_LIMITS) expect(['retry', 'ask']).toContain(ENDING_RULES[ending].sequel);
  });

  test('that a run reached is a lesson for the next attempt', () => {
    const { guard } = new Scene({ ...AUTO, run: { ending: 'silence' } }).flow();
    const lessons = guard.events.flatMap(event =>
      event.type === 'step-started' && event.effect.kind === 'run-agent' ? [event.effect.lessons] : [],
    );
    const [first, second] = [1, 2].map(attempt => `attempt ${attempt}: silence: did silence`);
    expect(lessons).toEqual([[], [first], [first, second]]);
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
    const { state } = new Scene(AUTO).world;
    const made = Array.from({ length: runs }, (_, index): RunFacts => ({
      runId: `g1-a${index + 1}`,
      attempt: index + 1,
      mode: 'auto-run',
      inputs: { subject: 'sha256:s', policy: 'sha256:p', base: 'b' },
      startedAt: 1,
      end: { ending: 'crashed', endedAt: 2, summary: '', usage, ...end },
    }));
    return { ...state, policy: policyOf(AUTO), runs: made };
  }

  test.each(ISSUE_LIMITS.map(limit => [limit.name, limit] as const))(
    '“%s” stops further runs exactly when it is reached, and says what to do',
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

  test('on the number of runs restarts after a retry; the budget does not', () => {
    const { world } = new Scene({ ...AUTO, costUsdPerIssueMax: 0.45, run: { ending: 'silence' } }).flow();
    expect(limitProblem(world.state)?.reason).toContain('3 attempts are used up');
    decide(world, 'ann', { kind: 'retry' });
    flow(world);
    expect(world.state.runs).toHaveLength(5);
    expect(limitProblem(world.state)?.reason).toContain('budget of 0.45 USD is used up');
    decide(world, 'ann', { kind: 'retry' });
    flow(world);
    expect(world.state.runs).toHaveLength(5);
  });

  test('has the value from the policy file', () => {
    const reading = parsePolicyFile('version: 1\nlimits: { attempts: 2, lostRuns: 4, costUsdPerIssue: 7 }\n');
    const { limits } = 'policy' in reading ? reading.policy : policyOf();
    expect(ISSUE_LIMITS.map(limit => limit.max(limits))).toEqual([7, 2, 4]);
  });
});
