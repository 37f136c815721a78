/** The two contracts of an agent, task and report: what parses, what is refused, and the schema for strict structured output. */
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  agentReportJsonSchema,
  agentReportOutputSchema,
  parseReport,
} from '../../src/contracts/agent-report.ts';
import { ISSUE_BODY_CHARS_MAX, REPORT_BYTES_MAX } from '../../src/contracts/bounds.ts';
import { agentTaskJsonSchema, agentTaskSchema } from '../../src/contracts/agent-task.ts';
import { aReport, aTask } from './support/task.ts';

const json = (change: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ ...aReport(), ...change });

test('a complete report parses to the same values', () => {
  expect(parseReport(`\n${json()}\n`)).toEqual({ ok: true, report: aReport() });
});

describe('a report that does not parse is refused with a named problem', () => {
  const without = (name: string): string =>
    JSON.stringify(Object.fromEntries(Object.entries(aReport()).filter(([key]) => key !== name)));
  test.each([
    ['nothing', '', 'empty'],
    ['only whitespace', ' \n ', 'empty'],
    ['prose', 'All done!', 'not-json'],
    ['a report in a code fence', `\`\`\`json\n${json()}\n\`\`\``, 'not-json'],
    ['prose after the report', `${json()} Enjoy!`, 'not-json'],
    ['two reports', json() + json(), 'not-json'],
    ['a list', '[]', 'schema'],
    ['null', 'null', 'schema'],
    ['an unknown outcome', json({ outcome: 'merged' }), 'schema'],
    ['another version', json({ version: 2 }), 'schema'],
    ['an unknown field', json({ approved: true }), 'schema'],
    ['an empty summary', json({ summary: '' }), 'schema'],
    ['a missing field', without('questions'), 'schema'],
    ['an unknown risk', json({ declaredRisk: 'none' }), 'schema'],
    ['a text that is too long', json({ releaseNotes: 'x'.repeat(20_001) }), 'schema'],
    [
      'too many changes',
      json({ changes: Array.from({ length: 501 }, () => ({ path: 'a', what: 'b' })) }),
      'schema',
    ],
    ['more bytes than the limit', json({ summary: 'x'.repeat(REPORT_BYTES_MAX) }), 'too-large'],
    [
      'more bytes than the limit in fewer characters',
      json({ summary: '語'.repeat(REPORT_BYTES_MAX / 3) }),
      'too-large',
    ],
  ])('%s', (_name, source, problem) => {
    expect(parseReport(source)).toMatchObject({ ok: false, problem });
  });
});

test('the output schema uses only the strict subset: all required, nothing additional, no size keywords', () => {
  const allowed = new Set([
    'type',
    'properties',
    'required',
    'additionalProperties',
    'items',
    'anyOf',
    'enum',
    'description',
  ]);
  const visit = (schema: Readonly<Record<string, unknown>>): void => {
    expect(Object.keys(schema).filter(key => !allowed.has(key))).toEqual([]);
    if (schema['type'] === 'object') {
      const properties = schema['properties'] as Record<string, Record<string, unknown>>;
      expect(schema['additionalProperties']).toBe(false);
      expect(schema['required']).toEqual(Object.keys(properties));
      Object.values(properties).forEach(visit);
    }
    if (schema['items'] !== undefined) visit(schema['items'] as Record<string, unknown>);
    if (schema['anyOf'] !== undefined) (schema['anyOf'] as Record<string, unknown>[]).forEach(visit);
  };
  visit(agentReportOutputSchema());
});

test('the published schemas agree with the parsers', () => {
  const ajv = new Ajv2020({ strict: false });
  const report = ajv.compile(agentReportJsonSchema());
  const strict = ajv.compile(agentReportOutputSchema());
  const task = ajv.compile(agentTaskJsonSchema());
  expect([report(aReport()), strict(aReport()), task(aTask())]).toEqual([true, true, true]);
  const wrong = { ...aReport(), outcome: 'merged' };
  expect([report(wrong), strict(wrong), task({ ...aTask(), token: 'x' })]).toEqual([false, false, false]);
});

test('a task with an unknown field, an invalid commit id or too much text is refused', () => {
  expect(agentTaskSchema.safeParse(aTask()).success).toBe(true);
  expect(agentTaskSchema.safeParse({ ...aTask(), token: 'x' }).success).toBe(false);
  expect(agentTaskSchema.safeParse(aTask({ baseCommit: 'main' })).success).toBe(false);
  const contract = { ...aTask().contract, stopConditions: ['x'.repeat(ISSUE_BODY_CHARS_MAX + 1)] };
  expect(agentTaskSchema.safeParse(aTask({ contract })).success).toBe(false);
});
