/** The published JSON Schemas: in sync with the code, and accepting exactly what the code accepts. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { parsePolicyFile } from '../../src/config/policy-file.ts';
import { agentEventSchema } from '../../src/contracts/agent-event.ts';
import { agentReportSchema } from '../../src/contracts/agent-report.ts';
import { agentTaskSchema } from '../../src/contracts/agent-task.ts';
import { aReport, aTask } from '../agents/support/task.ts';
import { publishedSchemas, schemaDir } from './support/published.ts';

const fileOf = (name: string): string => readFileSync(new URL(name, schemaDir), 'utf8');

test('the published schemas are what `npm run schemas` writes', async () => {
  for (const [name, text] of await publishedSchemas()) expect([name, fileOf(name)]).toEqual([name, text]);
});

const validatorOf = (name: string) => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(fileOf(name)) as object);
};

describe.each([
  ['agent-task.schema.json', agentTaskSchema, aTask()],
  ['agent-report.schema.json', agentReportSchema, aReport()],
] as const)('%s', (name, schema, good) => {
  const validate = validatorOf(name);
  const withoutVersion = Object.fromEntries(Object.entries(good).filter(([name]) => name !== 'version'));
  test.each([
    ['a valid document', good, true],
    ['an unknown key', { ...good, token: 'x' }, false],
    ['a missing version', withoutVersion, false],
    ['another version', { ...good, version: 2 }, false],
    ['an array', [], false],
  ])('agrees with the code on %s', (_what, value, isGood) => {
    expect([validate(value), schema.safeParse(value).success]).toEqual([isGood, isGood]);
  });
});

describe('agent-event.schema.json', () => {
  const validate = validatorOf('agent-event.schema.json');
  const good = { signalbox: 'command', id: '1', command: 'npm test' };
  const [, example = ''] =
    /```json\n( *\{"signalbox"[^]*?)```/.exec(readFileSync(new URL('../agents.md', schemaDir), 'utf8')) ?? [];
  test.each([
    ...example
      .trim()
      .split('\n')
      .map(line => ['the examples of the documentation', JSON.parse(line) as unknown, true] as const),
    ['a command that has ended', { ...good, ended: { exitCode: 0, output: '' } }, true],
    ['a command that ended without an exit code', { ...good, ended: { exitCode: null, output: '' } }, true],
    ['a missing id', { signalbox: 'command', command: 'npm test' }, false],
    ['an unknown key', { ...good, by: 'scheduler' }, false],
    ['an unknown event', { ...good, signalbox: 'approve' }, false],
    ['an array', [], false],
  ])('agrees with the code on %s', (_what, value, isGood) => {
    expect([validate(value), agentEventSchema.safeParse(value).success]).toEqual([isGood, isGood]);
  });
});

describe('policy.schema.json', () => {
  const validate = validatorOf('policy.schema.json');
  const [, example = ''] =
    /```yaml\n([^]*?)```/.exec(readFileSync(new URL('../policy.md', schemaDir), 'utf8')) ?? [];
  test.each([
    ['the smallest policy', 'version: 1\n', true],
    ['the example of the documentation', example, true],
    ['instruction files', 'version: 1\nagent: { instructions: [docs/RULES.md] }\n', true],
    ['a misspelled key', 'version: 1\nmerg: { by: person }\n', false],
    ['a duration without a unit', 'version: 1\nlimits: { silence: "300" }\n', false],
    ['a path that leaves the repository', 'version: 1\nagent: { context: [../secret] }\n', false],
    ['an absolute path', 'version: 1\nagent: { instructions: [/etc/passwd] }\n', false],
    ['an empty document', '{}\n', false],
  ])('agrees with the code on %s', (_what, text, isGood) => {
    expect(text).not.toBe('');
    expect([validate(parse(text)), 'policy' in parsePolicyFile(text)]).toEqual([isGood, isGood]);
  });
});
