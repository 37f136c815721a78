/** One issue by hand with every ending, with the runner's real box, git and checks; the checkout does not change. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentReportSchema } from '../../../src/contracts/agent-report.ts';
import type { EvidenceBundle } from '../../../src/contracts/evidence.ts';
import {
  type Desk,
  everythingIn,
  git,
  fixing,
  openDesk,
  reporting,
  resultOf,
  workInProgress,
} from './support/desk.ts';
import { change, type HandRan, type HandRun, handRunner } from './support/hand-run.ts';

let desk: Desk;
let handRun: HandRun;
beforeAll(async () => {
  desk = await openDesk();
  workInProgress(desk.repo);
  handRun = handRunner(desk);
});
afterAll(() => desk.folder.remove());

describe('a change that is verified', () => {
  let ran: HandRan;
  beforeAll(async () => void (ran = await handRun(['--agent', desk.agent(change), '--json'])));

  test('ends with exit code 0, one document on stdout, and progress on stderr', () => {
    expect([ran.code, ran.stderr]).toEqual([
      0,
      expect.stringMatching(/^base: [0-9a-f]{40} \(HEAD\); changes that are not committed/),
    ]);
    expect(ran.stderr).toMatch(/starting agent\.sh in the box\n[^]*verifying: changed tests on base\n/);
    expect(resultOf(ran)).toMatchObject({
      outcome: 'verified',
      ...{ issue: 'issue.md', mode: 'guarded', base: desk.head, policy: { from: 'base' }, concerns: [] },
      run: { ending: 'patch', agent: 'agent.sh', box: expect.stringContaining('no-network') },
      checks: [
        { name: 'changed tests', on: 'base', expected: 'fail', passed: false },
        { name: 'changed tests', on: 'head', expected: 'pass', passed: true },
        { name: 'all tests', on: 'head', passed: true },
      ],
    });
  });

  test('leaves its evidence under readable names, with matching digests', () => {
    expect(readdirSync(ran.out).sort()).toEqual(
      ['SHA256SUMS', 'change.diff', 'checks', 'evidence.json', 'prompt.md', 'report.json', 'repository.git']
        .concat(['result.json', 'summary.md', 'transcript.txt'])
        .sort(),
    );
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: ran.out });
    const sums = new Map(
      readFileSync(join(ran.out, 'SHA256SUMS'), 'utf8')
        .trimEnd()
        .split('\n')
        .map(line => [line.slice(66), `sha256:${line.slice(0, 64)}`]),
    );
    const result = resultOf(ran);
    const bundle = JSON.parse(readFileSync(join(ran.out, 'evidence.json'), 'utf8')) as EvidenceBundle;
    expect(bundle).toMatchObject({ issue: 'issue.md', commit: result.change?.commit });
    const own = bundle.commands.filter(command => command.by === 'scheduler');
    const [checked, counted] = [
      own.filter(one => one.expected !== null),
      own.filter(one => one.expected === null),
    ];
    expect(checked).toEqual(result.checks.map(check => ({ by: 'scheduler', ...check })));
    expect(counted).toMatchObject([{ name: 'all tests', on: 'base', tests: 9 }]);
    expect(bundle.tests).toEqual([{ check: 'all tests', before: 9, after: 11 }]);
    expect(sums.get('evidence.json')).toBe(result.evidence);
    expect(sums.get('change.diff')).toBe(bundle.diff);
    expect(sums.get('transcript.txt')).toBe(bundle.transcript);
    expect(sums.get('prompt.md')).toBe(bundle.run.prompt);
    const checks = readdirSync(join(ran.out, 'checks')).map(name => sums.get(`checks/${name}`));
    expect(checks).toEqual(own.map(command => command.output));
    expect(JSON.parse(readFileSync(join(ran.out, 'result.json'), 'utf8'))).toEqual(result);
    expect(agentReportSchema.parse(JSON.parse(readFileSync(join(ran.out, 'report.json'), 'utf8')))).toEqual(
      bundle.report,
    );
    expect(readFileSync(join(ran.out, 'summary.md'), 'utf8')).toContain(result.branch?.fetch);
    expect(readFileSync(join(ran.out, 'change.diff'), 'utf8')).toContain('+++ b/src/greeting.js');
  });

  test('is readable for this user only', () => {
    const open = readdirSync(ran.out, { recursive: true, encoding: 'utf8' })
      .filter(name => !name.startsWith('repository.git/'))
      .filter(name => (statSync(join(ran.out, name)).mode & 0o077) !== 0);
    expect([open, statSync(ran.out).mode & 0o777]).toEqual([[], 0o700]);
  });

  test('is on a branch of a clone, which the printed command fetches', () => {
    const copy = desk.folder.file('copy');
    git(desk.folder.path, 'clone', '--quiet', '--no-hardlinks', desk.repo, copy);
    const { branch, change: made, run } = resultOf(ran);
    const fetch = branch?.fetch.replace(`-C ${desk.repo}`, `-C ${copy} -c core.hooksPath=/dev/null`) ?? '';
    execFileSync('bash', ['-c', fetch], { stdio: 'ignore' });
    const name = branch?.name ?? '';
    expect(name).toMatch(/^ai\/by-hand-the-greeting-does-not-refresh/);
    expect(git(copy, 'rev-parse', name)).toBe(made?.commit);
    expect(git(copy, 'rev-parse', `${name}~1`)).toBe(desk.head);
    expect(git(copy, 'diff', '--name-only', desk.head, name).split('\n')).toEqual(
      made?.files.map(file => file.path),
    );
    expect(git(copy, 'log', '-1', '--format=%B', name)).toMatch(
      /^The greeting does not refresh[^]*issue issue\.md, run by-hand/,
    );
    git(copy, 'fsck', '--strict');
    // A plain clone of it checks out the branch.
    git(desk.folder.path, 'clone', '--quiet', '--no-hardlinks', branch?.repository ?? '', `${copy}-2`);
    expect(git(`${copy}-2`, 'rev-parse', 'HEAD')).toBe(made?.commit);
    expect(run.summary).toBe('Fixed.');
  });
});

test('positive control: everythingIn sees a new ref and a rewritten file', () => {
  const copy = desk.folder.file('control');
  git(desk.folder.path, 'clone', '--quiet', '--no-hardlinks', desk.repo, copy);
  const seen = everythingIn(copy);
  git(copy, 'update-ref', 'refs/heads/new', 'HEAD');
  expect(everythingIn(copy)).not.toEqual(seen);
  git(copy, 'update-ref', '-d', 'refs/heads/new');
  const again = everythingIn(copy);
  writeFileSync(join(copy, 'package.json'), readFileSync(join(copy, 'package.json')));
  expect(everythingIn(copy)).not.toEqual(again);
});

describe('a report is delivered', () => {
  test.each([
    ['analysis', 'analysis'],
    ['analysis', 'no-change'],
    ['spike', 'no-change'],
  ] as const)('in mode %s: %s', async (mode, outcome) => {
    const ran = await handRun(['--mode', mode, '--json', '--agent', desk.agent(reporting({ outcome }))]);
    expect([ran.code, resultOf(ran)]).toMatchObject([
      0,
      { outcome: 'delivered', mode, change: null, branch: null, evidence: null, run: { ending: outcome } },
    ]);
    expect(readdirSync(ran.out)).toEqual(
      expect.arrayContaining(['report.json', 'summary.md', 'transcript.txt']),
    );
    expect(existsSync(join(ran.out, 'repository.git'))).toBe(false);
  });

  test('and a change that comes with an analysis is ignored', async () => {
    const ran = await handRun(['--mode', 'analysis', '--json', '--agent', desk.agent(change)]);
    expect([ran.code, resultOf(ran).change, resultOf(ran).branch]).toEqual([0, null, null]);
  });
});

describe('the answer is no', () => {
  test.each([
    [
      'blocked',
      reporting({ outcome: 'blocked', stopConditionsMet: ['a public export'] }),
      /reached a stop condition/,
    ],
    ['needs-human', reporting({ outcome: 'needs-human' }), /asks for a person/],
    ['analysis', reporting({ outcome: 'analysis' }), /reported and changed nothing/],
    ['no-change', reporting({ outcome: 'no-change' }), /nothing to change/],
    ['report-invalid', 'echo All done', /does not match its schema/],
    ['crashed', 'exit 3', /crashed/],
  ])('when the run ends with %s', async (ending, script, why) => {
    const ran = await handRun(['--json', '--agent', desk.agent(script)]);
    expect(ran.code).toBe(1);
    expect(resultOf(ran)).toMatchObject({
      outcome: 'no',
      why: expect.stringMatching(why),
      run: { ending },
      branch: null,
    });
    expect(ran.stderr).toMatch(new RegExp(`\nsignalbox: .*${why.source}.*\n$`));
    expect(readdirSync(ran.out)).toEqual(
      expect.arrayContaining(['prompt.md', 'summary.md', 'transcript.txt']),
    );
  });

  test('when the change leaves the allowed paths: the complete change is refused', async () => {
    const ran = await handRun([
      '--json',
      '--agent',
      desk.agent(`${fixing}\necho x > outside.txt\n${reporting()}`),
    ]);
    expect(ran.code).toBe(1);
    expect(resultOf(ran)).toMatchObject({
      ...{ outcome: 'no', change: null, branch: null },
      refusals: [{ path: 'outside.txt', reason: 'outside the allowed paths' }],
    });
    expect(existsSync(join(ran.out, 'repository.git'))).toBe(false);
  });

  test.each([
    ['a check fails', `echo 'throw 1;' >> src/greeting.js\n${reporting()}`, /all tests failed on head/],
    [
      'the new tests prove nothing',
      `echo 'export {};' > test/idle.test.js\n${reporting()}`,
      /changed tests passed on base, but should fail there/,
    ],
  ])('when %s; the person can still inspect the commit', async (_, script, why) => {
    const ran = await handRun(['--json', '--agent', desk.agent(script)]);
    const result = resultOf(ran);
    expect([ran.code, result.outcome, result.why]).toEqual([1, 'no', expect.stringMatching(why)]);
    expect(result.concerns).not.toEqual([]);
    expect(git(result.branch?.repository ?? '', 'rev-parse', 'HEAD')).toBe(result.change?.commit);
  });
});
