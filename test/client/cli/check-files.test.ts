/** `contract check` and `policy check`: what is missing or wrong, by name and line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CONTRACT_FIELDS } from '../../../src/domain/contract.ts';
import { cli, expectOneLine, jsonOf } from './support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'signalbox-cli-'));
const WHOLE = CONTRACT_FIELDS.map(({ title, key }) => `### ${title}\n\n${valueOf(key)}\n`).join('\n');
const RISKS_LEFT_OUT = WHOLE.replace(/### Risks\n\n[^#]+/, '');

beforeAll(() => {
  writeFileSync(join(folder, 'whole.md'), WHOLE);
  writeFileSync(join(folder, 'partial.md'), RISKS_LEFT_OUT);
  writeFileSync(join(folder, 'good.yml'), 'version: 1\n');
  writeFileSync(
    join(folder, 'bad.yml'),
    'version: 1\nlimits:\n  silence: soon\nfoo:\n  bar: 1\nmerge: { by: nobody, how: 2 }\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (args: readonly string[], stdin = '') => cli(args, { workingDirectory: folder, stdin });

function valueOf(key: string): string {
  if (key === 'mode') return 'guarded';
  return key === 'risk' ? 'low' : '- something that is said';
}

describe('contract check', () => {
  test('a complete contract is 0, also from standard input', async () => {
    expect(await inFolder(['contract', 'check', 'whole.md'])).toMatchObject({ code: 0, stdout: '' });
    expect(await inFolder(['contract', 'check', '-'], WHOLE)).toMatchObject({ code: 0 });
  });

  test('a missing field is named, and the answer is no', async () => {
    const ran = await inFolder(['contract', 'check', 'partial.md']);
    expect(ran).toMatchObject({ code: 1, stdout: 'missing: Risks\n' });
    expectOneLine(ran, /not complete: 1 problem/);
  });

  test('--json has the contract and what is missing', async () => {
    const ran = await inFolder(['contract', 'check', 'partial.md', '--json']);
    expect(ran.code).toBe(1);
    expect(jsonOf(ran)).toMatchObject({
      ...{ complete: false, missing: ['Risks'], unclear: [] },
      contract: { mode: 'guarded', declaredRisk: 'low' },
    });
  });
});

describe('policy check', () => {
  test('a valid policy is 0 and shows its digest', async () => {
    const ran = await inFolder(['policy', 'check', 'good.yml']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^valid: sha256:[0-9a-f]{64}\n$/);
    expect(jsonOf(await inFolder(['policy', 'check', 'good.yml', '--json']))).toMatchObject({
      ...{ valid: true, policy: { optIn: { label: 'ai' } } },
    });
  });

  test('every problem is named with its line, and the answer is no', async () => {
    const ran = await inFolder(['policy', 'check', 'bad.yml']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/^bad\.yml: line 3: limits\.silence: a duration/m);
    expect(ran.stdout).toMatch(/^bad\.yml: line 4: .*"foo"/m);
    expect(ran.stdout).toMatch(/^bad\.yml: line 6: merge\.by: /m);
    expect(ran.stdout).toMatch(/^bad\.yml: line 6: merge: .*"how"/m);
    expectOneLine(ran, /cannot be used: 4 problems/);
    expect(jsonOf(await inFolder(['policy', 'check', 'bad.yml', '--json']))).toMatchObject({ valid: false });
  });

  test('a file that is not there is wrong usage', async () => {
    const ran = await inFolder(['policy', 'check', 'nowhere.yml']);
    expect(ran.code).toBe(2);
    expectOneLine(ran, /nowhere\.yml cannot be read \(ENOENT\)/);
  });
});
