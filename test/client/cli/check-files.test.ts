/** `contract check` and `policy check`: each problem of a file, by name and line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CONTRACT_FIELDS } from '../../../src/domain/contract-fields.ts';
import { cli, expectOneLine, jsonOf } from './support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'signalbox-cli-'));
const COMPLETE = CONTRACT_FIELDS.map(({ title, key }) => `### ${title}\n\n${valueOf(key)}\n`).join('\n');
const WITHOUT_RISKS = COMPLETE.replace(/### Risks\n\n[^#]+/, '');

beforeAll(() => {
  writeFileSync(join(folder, 'complete.md'), COMPLETE);
  writeFileSync(join(folder, 'partial.md'), WITHOUT_RISKS);
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
  test('a complete contract exits with 0, also from standard input', async () => {
    expect(await inFolder(['contract', 'check', 'complete.md'])).toMatchObject({ code: 0, stdout: '' });
    expect(await inFolder(['contract', 'check', '-'], COMPLETE)).toMatchObject({ code: 0 });
  });

  test('a missing field is named, and the exit code is 1', async () => {
    const ran = await inFolder(['contract', 'check', 'partial.md']);
    expect(ran).toMatchObject({ code: 1, stdout: 'missing: Risks\n' });
    expectOneLine(ran, /incomplete: 1 problem/);
  });

  test('headings of a policy count, and other text is named', async () => {
    const german = `Hallo\n\n${COMPLETE.replace('### Expected\n', '### Erwartetes Verhalten\n')}`;
    writeFileSync(join(folder, 'german.md'), german);
    writeFileSync(
      join(folder, 'german.yml'),
      'version: 1\ncontract: { headings: { Erwartetes Verhalten: expected } }\n',
    );
    const ran = await inFolder(['contract', 'check', 'german.md', '--policy', 'german.yml']);
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toContain('1 line belongs to no field of the contract: “Hallo”\n');
    const without = await inFolder(['contract', 'check', 'german.md']);
    expect(without).toMatchObject({ code: 1, stdout: expect.stringContaining('did you mean “Expected”?') });
    const bad = await inFolder(['contract', 'check', 'german.md', '--policy', 'bad.yml']);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('Fix: signalbox policy check bad.yml');
  });

  test('--json prints the contract and the missing fields', async () => {
    const ran = await inFolder(['contract', 'check', 'partial.md', '--json']);
    expect(ran.code).toBe(1);
    expect(jsonOf(ran)).toMatchObject({
      ...{ complete: false, missing: ['Risks'], unclear: [] },
      contract: { mode: 'guarded', declaredRisk: 'low' },
    });
  });
});

describe('policy check', () => {
  test('a valid policy exits with 0 and prints its digest', async () => {
    const ran = await inFolder(['policy', 'check', 'good.yml']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^valid: sha256:[0-9a-f]{64}\n$/);
    expect(jsonOf(await inFolder(['policy', 'check', 'good.yml', '--json']))).toMatchObject({
      ...{ valid: true, policy: { optIn: { label: 'ai' } } },
    });
  });

  test('every problem is named with its line, and the exit code is 1', async () => {
    const ran = await inFolder(['policy', 'check', 'bad.yml']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/^bad\.yml: line 3: limits\.silence: a duration/m);
    expect(ran.stdout).toMatch(/^bad\.yml: line 4: .*"foo"/m);
    expect(ran.stdout).toMatch(/^bad\.yml: line 6: merge\.by: /m);
    expect(ran.stdout).toMatch(/^bad\.yml: line 6: merge: .*"how"/m);
    expectOneLine(ran, /the policy is invalid: 4 problems/);
    expect(jsonOf(await inFolder(['policy', 'check', 'bad.yml', '--json']))).toMatchObject({ valid: false });
  });

  test('a missing file is wrong usage', async () => {
    const ran = await inFolder(['policy', 'check', 'nowhere.yml']);
    expect(ran.code).toBe(2);
    expectOneLine(ran, /cannot read nowhere\.yml \(ENOENT\)/);
  });
});
