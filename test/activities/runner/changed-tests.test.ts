/** Checks that do not believe the change: each changed test alone, edited tests as they were, and files that commands read. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { evidenceConcerns } from '../../../src/domain/evidence.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { Verification } from '../../../src/domain/state/work.ts';
import { buildOnce, type ChangedFiles } from '../support/changes.ts';
import { perform } from '../support/perform.ts';
import { nothingLeft, stageRunner, type RunnerStage } from '../support/runner.ts';
import { policyText } from '../support/stage.ts';

const assertion = (condition: string): string =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { card } from '../src/card.js';\ntest('one', () => assert.ok(${condition}));\n`;
const another = (condition: string): string => `test('another', () => assert.ok(${condition}));\n`;
const base = {
  'src/card.js': 'export const card = 1;\n',
  'test/old.test.mjs': `${assertion('card > 0')}${another('card < 10')}`,
  'test/more.test.mjs': assertion('card !== 5'),
  'check.sh': 'node --test test/\n',
  'package.json': '{\n  "type": "module",\n  "scripts": {\n    "test": "node --test"\n  }\n}\n',
};
const fix = { 'src/card.js': 'export const card = 2;\n' };
const honest = assertion('card === 2');

let stage: RunnerStage;
let from: string;
beforeAll(async () => {
  stage = await stageRunner({ policy: policyText.replace("['src/**', 'test/**']", "['**']") });
  from = await stage.scheduler.person('acme').pushCommit({ branch: 'main', message: 'tests', files: base });
});
afterAll(() => stage.end());
afterEach(async () => expect(await stage.leftovers()).toEqual(nothingLeft));

interface Verified extends Verification {
  readonly concerns: readonly string[];
}

async function verified(
  files: ChangedFiles,
  verification: Partial<Policy['verification']> = {},
): Promise<Verified> {
  const repository = { ...stage.scheduler.repository, head: from };
  const { plan, change } = await buildOnce({ ...stage.scheduler, repository }, files);
  const policy = await stage.policyWith({
    verification: {
      commands: [{ name: 'all tests', run: 'node --test test/' }],
      ...{ testCommand: 'node --test', testPaths: ['test/**'] },
      ...verification,
    },
  });
  const { ended } = await perform(stage.activities.verifyChange, {
    context: { ...stage.scheduler.context(1), policy },
    effect: { kind: 'verify-change', ...plan, commit: change.commit, files: change.files },
  });
  if (!('fact' in ended)) throw new Error(JSON.stringify(ended));
  const found = ended.fact.verification;
  const { checks, baseRuns = [], notes = [] } = found;
  const claims = { skippedChecks: 0, stopConditionsMet: [] };
  return { ...found, concerns: evidenceConcerns({ checks, baseRuns, notes, claims }) };
}

const outcomes = ({ checks }: Verification) =>
  checks.map(({ name, on, passed, tests }) => [name, on, passed, tests]);

describe('changed test files', () => {
  test('run alone, and edited ones also as they were; honest ones cause no concern', async () => {
    const found = await verified({
      ...fix,
      'test/old.test.mjs': `${base['test/old.test.mjs']}test('new', () => assert.equal(card, 2));\n`,
      'test/new.test.mjs': honest,
    });
    expect(found.concerns).toEqual([]);
    expect(outcomes(found)).toEqual([
      ['changed tests: test/old.test.mjs', 'base', false, 3],
      ['changed tests: test/new.test.mjs', 'base', false, 1],
      ['changed tests: test/old.test.mjs', 'head', true, 3],
      ['changed tests: test/new.test.mjs', 'head', true, 1],
      ['tests as they were: test/old.test.mjs', 'head-with-base-tests', true, 2],
      ['all tests', 'head', true, 5],
    ]);
    expect(found.baseRuns).toMatchObject([{ name: 'all tests', passed: true, tests: 3 }]);
  });

  test('that were emptied are not covered by an honest one', async () => {
    const { concerns } = await verified({
      ...fix,
      'test/new.test.mjs': honest,
      'test/old.test.mjs': "import { test } from 'node:test';\ntest('one', () => undefined);\n",
    });
    expect(concerns).toContain(
      'changed tests: test/old.test.mjs: the changed tests pass without the change, so they prove nothing',
    );
    expect(concerns).toContain(
      'changed tests: test/old.test.mjs: fewer tests ran with the change: 1 instead of 2',
    );
  });

  test('that skip old tests run fewer tests, although they fail before and pass after', async () => {
    const skipping = base['test/old.test.mjs'].replace("test('another',", "test.skip('another',");
    const { concerns } = await verified({
      ...fix,
      'test/old.test.mjs': skipping.replace('card > 0', 'card === 2'),
    });
    expect(concerns).toEqual([
      'all tests: fewer tests ran with the change: 2 instead of 3',
      'changed tests: fewer tests ran with the change: 1 instead of 2',
    ]);
  });

  test('that were edited to accept what broke fail as they were', async () => {
    const { concerns } = await verified({
      'src/card.js': 'export const card = 20;\n',
      'test/old.test.mjs': base['test/old.test.mjs'].replace('card < 10', 'card === 20'),
    });
    expect(concerns).toEqual([
      'tests as they were: failed on the verified commit, so the change edits what they required',
    ]);
  });

  test('that are too many run together, and the checks say so', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 13 }, (_, index) => [`test/n${index + 10}.test.mjs`, `// ${index}\n`]),
    );
    const found = await verified({ ...fix, ...many }, { testCommand: 'true', commands: [] });
    const onHead = found.checks.filter(({ on }) => on === 'head').map(({ name }) => name);
    expect(onHead).toHaveLength(11);
    expect(onHead.at(-1)).toBe('changed tests: 3 more added files together');
    expect(found.checks.find(({ name }) => name === onHead.at(-1))?.command).toBe(
      "true 'test/n20.test.mjs' 'test/n21.test.mjs' 'test/n22.test.mjs'",
    );
  });

  test('that take too long together are named', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 5 }, (_, index) => [`test/n${index}.test.mjs`, `// ${index}\n`]),
    );
    const { notes } = await verified(
      { ...fix, ...many },
      { testCommand: 'sleep 1; true', commands: [], timeoutMs: 1_200 },
    );
    expect(notes).toEqual([
      expect.stringMatching(/^no time was left to run on base: .*changed tests: test\/n4\.test\.mjs$/),
      expect.stringMatching(/^no time was left to run on head: .*changed tests: test\/n4\.test\.mjs$/),
    ]);
  });

  test('run as the policy says for one file', async () => {
    const found = await verified(
      { ...fix, 'test/new.test.mjs': honest },
      { testFileCommand: 'cd {folder} && node --test {name}.mjs' },
    );
    expect(found.concerns).toEqual([]);
    expect(found.checks[0]?.command).toBe("cd 'test' && node --test 'new.test'.mjs");
  });

  test('are laid over a base that has a file where they need a folder', async () => {
    const { checks } = await verified(
      {
        'test/more.test.mjs': null,
        'test/more.test.mjs/new.test.mjs': honest.replace('../', '../../'),
        ...fix,
      },
      { commands: [] },
    );
    expect(checks.map(({ on, passed }) => [on, passed])).toEqual([
      ['base', false],
      ['head', true],
    ]);
  });
});

describe('a file that the commands read', () => {
  test('is named with the lines that differ, whether the policy lists it or a command names it', async () => {
    const { concerns } = await verified(
      {
        ...fix,
        'test/new.test.mjs': honest,
        'package.json': base['package.json'].replace(
          '"test": "node --test"',
          '"test": "true",\n    "postinstall": "node x.js"',
        ),
        'check.sh': 'true\n',
      },
      { commands: [{ name: 'all tests', run: 'sh ./check.sh' }] },
    );
    expect(concerns).toEqual([
      'all tests: the output does not say how many tests ran with the change; before it, 3 ran',
      'the change edits check.sh, which the commands read: removed “node --test test/”; added “true”',
      'the change edits package.json, which the commands read: added “"test": "true",”; added “"postinstall": "node x.js"”; removed “"test": "node --test"”',
    ]);
  });

  test('is named when a command names it from another folder or without its ending, and no other file is', async () => {
    const { notes } = await verified(
      { ...fix, 'tools/gate.py': 'x\n', 'lib/rules.js': 'x\n', 'lib/other.js': 'x\n' },
      { inputs: [], commands: [{ name: 'all', run: 'cd tools && python3 gate.py && node ../lib/rules' }] },
    );
    expect(notes).toEqual([
      'the change adds lib/rules.js, which the commands read: added “x”',
      'the change adds tools/gate.py, which the commands read: added “x”',
    ]);
  });

  test('is named when it is new, when it is deleted, and when it names another host', async () => {
    const { notes } = await verified({
      ...fix,
      'test/conftest.py': 'import os\n',
      'package.json': null,
      'package-lock.json': '{ "resolved": "https://evil.example/a.tgz" }\n',
      'logo.config.js': 'x\0\n',
    });
    expect(notes).toEqual([
      'the change adds logo.config.js, which the commands read; it is too large or not text',
      expect.stringMatching(/^the change adds package-lock\.json, .*: new hosts: evil\.example; /),
      expect.stringMatching(/^the change deletes package\.json, .*; removed “"test": "node --test"”/),
      'the change adds test/conftest.py, which the commands read: added “import os”',
    ]);
  });

  test('is only what the list of the policy says', async () => {
    const files = { ...fix, 'package.json': '{}\n', 'rules.cfg': 'strict\n' };
    const inputs = ['**/*.cfg'];
    expect((await verified(files, { inputs })).notes).toEqual([
      'the change adds rules.cfg, which the commands read: added “strict”',
    ]);
  });
});
