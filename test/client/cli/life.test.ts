/** The life of issues at the command line: a real Temporal, the real issue workflow, and a simulated GitHub. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '../../support/until.ts';
import { DIFF_TEXT, TRANSCRIPT_TEXT } from '../temporal/world.ts';
import { expectOneLine, jsonOf } from './support/cli.ts';
import { REPOSITORY } from './support/github.ts';
import { type CliStage, openCliStage } from './support/scene.ts';

let stage: CliStage;
let stop: () => Promise<void>;
beforeAll(async () => {
  stage = await openCliStage(3);
  stop = await stage.startWorkers();
}, 120_000);
afterAll(async () => {
  await stop();
  await stage.end();
});

const ONE = 'Acme/profile#1';
const TWO = 'Acme/profile#2';
const THREE = 'Acme/profile#3';

test('start starts an issue, and finds it the second time', async () => {
  expect(await stage.askAs('alice', ['start', ONE])).toMatchObject({ code: 0, stderr: '' });
  expect((await stage.ask(['start', ONE])).stdout).toContain('is already running');
});

test('show prints the gate, who decides, and the digest to approve', async () => {
  const digest = await stage.digestAt(ONE, 'start');
  const { stdout } = await stage.ask(['show', ONE]);
  expect(stdout).toMatch(/stage +triage/);
  expect(stdout).toMatch(/hold +at the start gate/);
  expect(stdout).toContain(`/approve start ${digest}`);
});

test('list filters by stage, hold and repository, and prints a JSON array', async () => {
  const listed = await until('listed at its gate', async () => {
    const ran = await stage.ask(['list', '--hold', 'gate', '--json']);
    return (jsonOf(ran) as unknown[]).length > 0 ? jsonOf(ran) : undefined;
  });
  expect(listed).toMatchObject([{ issue: ONE, stage: 'triage', hold: 'gate:start', running: true }]);
  const table = await stage.ask(['list', '--repo', 'acme/PROFILE']);
  expect(table.stdout).toMatch(/^ISSUE +STAGE +HOLD/);
  expect(table.stdout).toContain('Acme/profile#1  triage  gate:start');
  expect(table.stderr).toContain('1 issue, 1 held');
  expect(await stage.ask(['list', '--stage', 'pr'])).toMatchObject({ code: 0, stdout: '' });
});

test('reconcile reports each difference, and whether the workflow repaired it', async () => {
  const { simulator, person } = stage.github;
  const bot = person('alice');
  await stage.atGate(ONE, 'start');
  // Writes what a scheduler would write, after the first comparison of this issue.
  const stopWatching = simulator.onExchange(({ method, path }) => {
    if (method !== 'GET' || !path.endsWith('/issues/1/comments')) return;
    stopWatching();
    bot.label(1, 'ai:risk-low');
    bot.label(1, 'ai:gate-start');
    bot.comment(1, '<!-- signalbox:status 1.1 -->');
  });
  const repaired = await stage.askAs('alice', ['reconcile', REPOSITORY]);
  expect(repaired.stdout).toContain('  repaired: the label ai:gate-start is missing\n');
  expect(repaired.stdout).toContain('  repaired: the status comment is missing\n');
  expect([repaired.code, repaired.stderr]).toEqual([0, `${REPOSITORY}: 1 open issue reconciled\n`]);
  bot.unlabel(1, 'ai:gate-start');
  const left = await stage.askAs('alice', ['reconcile', REPOSITORY, '--json']);
  const points = ['the label ai:gate-start is missing'];
  expect(jsonOf(left)).toEqual({ issue: ONE, told: 'delivered', found: points, left: points });
  expect(left.code).toBe(1);
  expect(left.stderr).toContain('1 difference left');
  const blind = await stage.ask(['reconcile', REPOSITORY]);
  expect(blind).toMatchObject({ code: 0, stdout: `${ONE}  notified, not compared\n` });
});

test('a stale digest or a wrong gate exits with 5 and names the current one; without a terminal to confirm it exits with 2', async () => {
  const digest = await stage.digestAt(ONE, 'start');
  const stale = await stage.ask(['approve', ONE, '--digest', 'abcdef012345']);
  expect(stale.code).toBe(5);
  expectOneLine(stale, new RegExp(`abcdef012345 is stale; the current digest is ${digest}`));
  const wrong = await stage.ask(['approve', ONE, '--gate', 'merge', '--digest', digest]);
  expect(wrong.code).toBe(5);
  expectOneLine(wrong, /the start gate is open/);
  const blind = await stage.ask(['approve', ONE]);
  expect(blind.code).toBe(2);
  expect(blind.stderr).toContain(`--gate start --digest ${digest}`);
});

test('approve shows what the gate asks on a terminal, and needs a yes', async () => {
  const terminal = { columns: 120 };
  const no = await stage.ask(['approve', ONE], { terminal, stdin: 'n\n' });
  expect(no.code).toBe(1);
  expect(no.stderr).toContain('the start gate has been open');
  expect((await stage.atGate(ONE, 'start')).hold?.gate).toBe('start');
});

test('an insufficient role exits with 1 and names the reason', async () => {
  const digest = await stage.digestAt(ONE, 'start');
  const ran = await stage.askAs('rita', ['approve', ONE, '--digest', digest]);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/signalbox: .*rita has the role read, but write is required\n$/);
  expect(ran.stderr).not.toMatch(/\n\s+at /);
});

test('a token that cannot comment exits with 1 and names the permission', async () => {
  const token = 'alice-reads-only';
  stage.github.simulator.admin.addToken({
    token,
    login: 'alice',
    permissions: { issues: 'read', metadata: 'read' },
  });
  const environment = { ...stage.github.as('alice'), GITHUB_TOKEN: token };
  const ran = await stage.ask(['approve', ONE, '--digest', await stage.digestAt(ONE, 'start')], {
    environment,
  });
  expect(ran.code).toBe(1);
  expectOneLine(ran, /the token needs issues=write/);
});

test('a comment by a person with a sufficient role is taken', async () => {
  const digest = await stage.digestAt(ONE, 'start');
  const ran = await stage.askAs('alice', ['approve', ONE, '--gate', 'start', '--digest', digest, '--json']);
  expect(ran.code).toBe(0);
  expect(ran.stderr).toContain(`posted the comment /approve start ${digest} as alice`);
  expect(jsonOf(ran)).toMatchObject({
    issue: ONE,
    via: 'github',
    decision: { kind: 'approve', gate: 'start' },
  });
  await stage.atGate(ONE, 'merge');
});

test('explain answers all nine questions, each with its source', async () => {
  const { stdout } = await stage.ask(['explain', ONE]);
  const ids = [...stdout.matchAll(/^ {2}(Q\d) .+\?$/gm)].map(([, id]) => id);
  expect(ids).toEqual(['Q1', 'Q2', 'Q3', 'Q4', 'Q5', 'Q6', 'Q7', 'Q8', 'Q9']);
  expect(stdout).toMatch(/Q6 .*\n {5}.*patch: the greeting follows the name \(workflow\)/);
  const { answers } = jsonOf(await stage.askAs('alice', ['explain', ONE, '--json'])) as {
    answers: { id: string; answer: string; source: string }[];
  };
  expect(answers[6]).toMatchObject({ id: 'Q7', source: 'workflow and GitHub, read now' });
  // The made-up scheduler writes nothing to this GitHub, so everything differs.
  expect(answers[6]?.answer).toMatch(
    /^no: the label ai:gate-merge is missing; .*pull request #2 is missing$/,
  );
});

test('evidence prints the bundle and the diff from the artifact store', async () => {
  expect((await stage.ask(['evidence', ONE])).stdout).toMatch(/1 file\n {2}modified +src\/greeting\.js/);
  expect(jsonOf(await stage.ask(['evidence', ONE, '--json']))).toMatchObject({ version: 1, issue: ONE });
  expect(await stage.ask(['evidence', ONE, '--diff'])).toMatchObject({ code: 0, stdout: DIFF_TEXT });
  const lost = await stage.ask(['evidence', ONE], { environment: { SIGNALBOX_DATA_DIR: '/nonexistent' } });
  expect(lost.code).toBe(1);
  expectOneLine(lost, /cannot find the evidence .*SIGNALBOX_DATA_DIR/);
});

test('logs prints the transcript byte for byte, and names a missing run', async () => {
  const ran = await stage.ask(['logs', ONE]);
  expect(ran).toMatchObject({ code: 0, stdout: `${TRANSCRIPT_TEXT}\n` });
  expect(ran.stderr).toMatch(/^run .*: patch: the greeting follows the name\n$/);
  expect(jsonOf(await stage.ask(['logs', ONE, '--run', '1', '--json']))).toMatchObject({
    text: TRANSCRIPT_TEXT,
  });
  const second = await stage.ask(['logs', ONE, '--run', '2']);
  expect(second.code).toBe(1);
  expectOneLine(second, /1 run ended so far/);
});

test('pause holds an issue and resume releases it; a second pause is refused', async () => {
  const paused = await stage.ask(['pause', ONE, '--reason', 'freeze', '--by', 'bob', '--json']);
  expect(jsonOf(paused)).toMatchObject({ issue: ONE, via: 'temporal', taken: '/pause by bob' });
  await stage.atHold(ONE, 'paused');
  const again = await stage.ask(['pause', ONE]);
  expect(again.code).toBe(1);
  expectOneLine(again, /the issue is already paused/);
  expect((await stage.ask(['explain', ONE])).stdout).toMatch(/Q1 .*\n {5}yes \(workflow\)/);
  expect((await stage.ask(['resume', ONE])).stdout).toBe(`${ONE}: /resume by alice\n`);
  await stage.atGate(ONE, 'merge');
});

test('every other decision takes effect, and one that does not apply now is refused with the reason', async () => {
  const take = async (name: string, ...args: readonly string[]): Promise<void> => {
    const ran = await stage.ask([name, TWO, ...args]);
    expect([ran.code, ran.stderr, ran.stdout]).toEqual([0, '', `${TWO}: /${name} by alice\n`]);
  };
  const refuse = async (says: RegExp, name: string, ...args: readonly string[]): Promise<void> => {
    const ran = await stage.ask([name, TWO, ...args]);
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expectOneLine(ran, says);
  };
  const holdIs = (kind: string) => stage.atHold(TWO, kind);
  await stage.ask(['start', TWO]);
  await stage.atGate(TWO, 'start');
  await refuse(/nothing has failed; the start gate is open/, 'retry');
  await take('set-mode', 'auto-run');
  expect(await stage.atGate(TWO, 'merge')).toMatchObject({ mode: 'auto-run', runs: 1 });
  await refuse(/a pull request already exists/, 'set-mode', 'guarded');
  await refuse(/nothing is merged yet/, 'verify-release');
  await take('reject', '--reason', 'not like this');
  expect(await holdIs('blocked')).toMatchObject({ why: ['alice rejected at the merge gate: not like this'] });
  await take('retry');
  await until('a second run', async () => ((await stage.viewOf(TWO))?.runs === 2 ? true : undefined));
  await stage.atGate(TWO, 'merge');
  await take('escalate', '--to', '@bob', '--reason', 'needs a product decision');
  expect(await holdIs('escalated')).toMatchObject({ who: 'bob' });
  await take('resume');
  await take('assign-release-owner', '@bob');
  expect(await stage.atGate(TWO, 'merge')).toMatchObject({ releaseOwner: 'bob' });
  await take('cancel', '--reason', 'not needed');
  await until('cancelled', async () => ((await stage.viewOf(TWO))?.stage === 'cancelled' ? true : undefined));
});

test('audit lists every transition with its actor, and --verify verifies the chain', async () => {
  const { stdout } = await stage.ask(['audit', ONE]);
  expect(stdout).toMatch(/^SEQ +AT +STAGE +BY +JUDGEMENT +CAUSE/);
  expect(stdout).toMatch(/alice +product +\/approve/);
  const verified = await stage.ask(['audit', ONE, '--verify', '--json']);
  expect(jsonOf(verified)).toMatchObject({ issue: ONE, whole: true, problem: null });
  expect(verified.stderr).toMatch(/^audit verified: \d+ records, head sha256:[0-9a-f]{64}\n$/);
});

test('scan reports how many issues it started or poked, and exits with 3 for an unknown repository', async () => {
  expect(await stage.ask(['scan', 'Acme/profile'])).toMatchObject({
    ...{ code: 0, stdout: 'Acme/profile: 0 issues started or notified\n' },
  });
  expect(jsonOf(await stage.ask(['scan', 'Acme/profile', '--json']))).toEqual({
    repository: 'Acme/profile',
    started: 0,
  });
  // GitHub does not show this one.
  expect(await stage.ask(['scan', 'Acme/nowhere'])).toMatchObject({ code: 3, stdout: '' });
});

test('a run in progress is shown by explain, awaited by logs --follow, and watched', async () => {
  const issue = THREE;
  let release = (): void => undefined;
  stage.world.heldRuns.set(3, new Promise(resolve => (release = resolve)));
  await stage.ask(['start', issue]);
  await stage.ask(['approve', issue, '--digest', await stage.digestAt(issue, 'start')]);
  await until('a run', async () => ((await stage.viewOf(issue))?.run === null ? undefined : true));
  const held = await until('explain names the runner', async () => {
    const { stdout } = await stage.ask(['explain', issue]);
    return /Q3 .*\n {5}runAgent of .*: \d+@/.test(stdout) ? stdout : undefined;
  });
  expect(held).toMatch(/Q5 .*\n {5}no: a run is in progress/);
  expect((await stage.ask(['logs', issue])).stderr).toContain('one is in progress (wait for it with');
  const heard = { followed: '', watched: '' };
  const followed = stage.ask(['logs', issue, '--follow'], { onOutput: text => (heard.followed += text) });
  const stopWatching = new AbortController();
  const watched = stage.ask(['watch', issue, '--json'], {
    signal: stopWatching.signal,
    onOutput: text => (heard.watched += text),
  });
  await until(
    'both see the run',
    () => (/run .* on /.test(heard.followed) && heard.watched !== '') || undefined,
  );
  release();
  expect(await followed).toMatchObject({ code: 0, stdout: `${TRANSCRIPT_TEXT}\n` });
  await until('watch prints the gate', () => heard.watched.includes('"gate":"merge"') || undefined);
  stopWatching.abort();
  const { code, stdout } = await watched;
  expect(code).toBe(130);
  const seen = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);
  expect(seen).toContainEqual(expect.objectContaining({ type: 'transition', seq: 1 }));
  expect(seen.at(-1)).toMatchObject({ type: 'state', issue, stage: 'pr' });
});

test('an ended issue is watched to its end, has its audit in the archive, and takes no more decisions', async () => {
  await stage.ask(['approve', ONE, '--digest', await stage.digestAt(ONE, 'merge')]);
  const watched = await stage.ask(['watch', ONE]);
  expect(watched.code).toBe(0);
  expect(watched.stdout).toMatch(/ended: release-verified\n$/);
  expect((await stage.ask(['audit', ONE, '--verify'])).code).toBe(0);
  const late = await stage.ask(['retry', ONE]);
  expect(late.code).toBe(1);
  expectOneLine(late, /has ended \(release-verified\)/);
  expectOneLine(await stage.ask(['start', ONE]), /has ended/);
  expect((await stage.ask(['explain', ONE])).stdout).toMatch(/Q9 .*\n {5}no: the release is verified/);
});

test('a missing archive or changed bytes fail the audit', async () => {
  const [archive = ''] = (await stage.viewOf(ONE))?.archives ?? [];
  const elsewhere = await stage.ask(['audit', ONE], { environment: { SIGNALBOX_DATA_DIR: '/nonexistent' } });
  expect(elsewhere.code).toBe(1);
  expectOneLine(elsewhere, /cannot find the audit archive .*SIGNALBOX_DATA_DIR/);
  const hex = archive.replace('sha256:', '');
  const file = join(stage.environment.SIGNALBOX_DATA_DIR, 'artifacts/sha256', hex.slice(0, 2), hex.slice(2));
  const text = readFileSync(file, 'utf8');
  chmodSync(file, 0o600);
  writeFileSync(file, text.replaceAll('alice', 'mallory'));
  const changed = await stage.ask(['audit', ONE, '--verify']);
  expect([changed.code, changed.stdout]).toEqual([1, '']);
  expectOneLine(changed, /do not match the digest/);
});
