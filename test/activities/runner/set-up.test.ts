/** A policy's set-up with the real npm and a registry on loopback: it runs once for the same inputs, and no run can poison it. */
import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { CancelledFailure } from '@temporalio/common';
import { setUpKey } from '../../../src/activities/runner/set-up-key.ts';
import { defaultManifestLimits, parseManifest } from '../../../src/contracts/change-manifest.ts';
import { dialDirectly } from '../../../src/box/egress/dial.ts';
import type { Digest } from '../../../src/domain/digest.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { RunEnd, Verification } from '../../../src/domain/state/work.ts';
import { aReport } from '../../agents/support/task.ts';
import { openRegistry, type Registry } from '../../support/registry.ts';
import { buildOnce, type ChangedFiles } from '../support/changes.ts';
import { policyText } from '../support/stage.ts';
import { activityEnvironment, perform } from '../support/perform.ts';
import { nothingLeft, stageRunner, until, type RunnerStage } from '../support/runner.ts';
import { processesWith, rareSeconds } from '../../box/support/processes.ts';

let stage: RunnerStage;
let registry: Registry;
let host = '';
let base = '';
beforeAll(async () => {
  registry = await openRegistry();
  host = `registry.cards.test:${registry.port}`;
  const resolve = async (name: string) => (name.endsWith('.cards.test') ? ['127.0.0.1'] : []);
  const policy = policyText.replace("['src/**', 'test/**']", "['**']");
  stage = await stageRunner({ policy, setUp: { dial: dialDirectly({ resolve, privateAllowed: [host] }) } });
  base = await pushed({
    ...registry.project('1.0.0'),
    'src/card.js': "exports.card = require('greeting').version;\n",
    '.gitignore': 'node_modules/\n',
  });
});
afterAll(async () => {
  await stage.end();
  await registry.close();
});
afterEach(async () => expect(await stage.leftovers()).toEqual(nothingLeft));

const pushed = (files: Readonly<Record<string, string>>): Promise<string> =>
  stage.scheduler.person('acme').pushCommit({ branch: 'main', message: 'cards', files });
const install = () => ({
  name: 'install',
  run: `npm ci --registry=http://${host} --no-audit --no-fund --fetch-retries=0`,
});
/** A set-up that needs no network. */
const copy = { name: 'copy', run: 'cp package.json made.json' };
const setUp = (change: Partial<Policy['setUp']> = {}): Policy['setUp'] => ({
  ...{ commands: [install()], inputs: ['package.json', 'package-lock.json'], network: [host] },
  ...{ timeoutMs: 60_000, whenInputsChange: 'base' },
  ...change,
});
const policyWith = (change?: Partial<Policy['setUp']>): Promise<Digest> =>
  stage.policyWith({ setUp: setUp(change) });
const layers = async (): Promise<readonly string[]> =>
  (await readdir(stage.ports.setUp.layersDir).catch(() => [])).filter(name => name !== 'leases');
const textOf = async (digest: Digest | undefined): Promise<string> => {
  if (digest === undefined) throw new Error('there is no such artifact');
  return Buffer.from(await stage.ports.artifacts.get(digest, 10_000_000)).toString('utf8');
};

const report = `echo '${JSON.stringify(aReport())}'`;
const runAgent = async (script: string, policy: Digest): Promise<RunEnd> => {
  await stage.agent(`cat > /dev/null; (${script}) >&2; ${report}`);
  const { ended } = await perform(stage.activities.runAgent, await stage.runInput({ policy, base }));
  if ('fact' in ended) return ended.fact.end;
  throw new Error(JSON.stringify(ended));
};
const stderrOf = async (end: RunEnd): Promise<string> =>
  (await textOf(end.transcript))
    .split('\n')
    .filter(line => line.startsWith('! '))
    .join('\n');

interface VerifyPlan {
  readonly files?: ChangedFiles;
  readonly setUp?: Partial<Policy['setUp']>;
  readonly commands?: readonly string[];
  readonly from?: string;
}

const verifying = async ({
  files,
  setUp: change,
  commands = ['node -p "require(\'./src/card.js\').card"'],
  from = base,
}: VerifyPlan) => {
  const scheduler = { ...stage.scheduler, repository: { ...stage.scheduler.repository, head: from } };
  const built = await buildOnce(scheduler, files ?? { 'src/other.js': '// other\n' });
  const verification = { commands: commands.map((run, index) => ({ name: `command ${index + 1}`, run })) };
  const policy = await stage.policyWith({ setUp: setUp(change), verification });
  return await perform(stage.activities.verifyChange, {
    context: { ...stage.scheduler.context(1), policy },
    effect: { kind: 'verify-change', ...built.plan, commit: built.change.commit, files: built.change.files },
  });
};
const verified = async (plan: VerifyPlan = {}): Promise<Verification> => {
  const { ended } = await verifying(plan);
  if ('fact' in ended) return ended.fact.verification;
  throw new Error(JSON.stringify(ended));
};

describe('a set-up', () => {
  test('installs from the named host for the first run, and is reused by the next run and by a verification', async () => {
    const policy = await policyWith();
    const look = 'node -p "require(\'greeting\').version"; env | grep -i proxy; ls /run';
    expect(await stderrOf(await runAgent(look, policy))).toBe('! 1.0.0\n! agent');
    expect(registry.asked.filter(path => path.endsWith('.tgz'))).toHaveLength(1);
    const asked = registry.asked.length;
    expect(await stderrOf(await runAgent(look, policy))).toContain('1.0.0');
    const verification = await verified();
    const box = { name: 'bubblewrap', guards: expect.arrayContaining(['no-network']) };
    expect(verification).toMatchObject({ box, setUp: { on: 'base', reused: true, box }, notes: [] });
    expect(verification.checks).toMatchObject([{ name: 'command 1', passed: true }]);
    expect(await textOf(verification.checks[0]?.output)).toBe('1.0.0');
    expect(registry.asked).toHaveLength(asked);
    expect(await layers()).toHaveLength(1);
    expect(await textOf(verification.setUp?.output)).toContain('added 1 package');
    const { connections } = JSON.parse(await textOf(verification.setUp?.connections)) as {
      connections: unknown[];
    };
    const made = { target: host, kind: 'plain', address: '127.0.0.1', bytesDown: expect.any(Number) };
    expect(connections).toEqual([expect.objectContaining(made), expect.objectContaining(made)]);
  });

  test('stays unchanged when a hostile run overwrites all of it: the next run and verification see the original', async () => {
    const policy = await policyWith();
    const poison =
      'echo "exports.version = \'poison\'" > node_modules/greeting/index.js; rm -rf node_modules/.bin; echo x > node_modules/new.js; cat node_modules/greeting/index.js';
    expect(await stderrOf(await runAgent(poison, policy))).toContain('poison');
    expect(
      await stderrOf(await runAgent('cat node_modules/greeting/index.js; ls node_modules', policy)),
    ).toBe("! exports.version = '1.0.0';\n! greeting");
    const output = (await verified({ commands: [poison, 'cat node_modules/greeting/index.js'] })).checks.map(
      check => check.output,
    );
    expect(await Promise.all(output.map(textOf))).toEqual([
      expect.stringContaining('poison'),
      "exports.version = '1.0.0';",
    ]);
  });

  test('adds nothing to a change, whether git ignores its files or not', async () => {
    const make = { name: 'make', run: 'mkdir -p .venv && echo made > .venv/made && echo made > made.txt' };
    const policy = await policyWith({ commands: [install(), make] });
    const end = await runAgent('cat .venv/made made.txt; echo x > .venv/mine; echo x > src/mine.js', policy);
    expect(await stderrOf(end)).toBe('! made\n! made');
    const manifest = await stage.ports.artifacts.get(end.manifest as Digest, 1_000_000);
    expect(parseManifest(Buffer.from(manifest), defaultManifestLimits)).toMatchObject({
      entries: [{ path: 'src/mine.js' }],
      refused: [],
    });
  });

  test('has its own layer for other inputs, commands or hosts, and the same layer when only other files differ', async () => {
    const copying = { commands: [copy] };
    const keyOf = async (plan: VerifyPlan) => (await verified(plan)).setUp;
    const first = await keyOf({ setUp: copying });
    const others = [
      await keyOf({ setUp: { commands: [copy, { name: 'more', run: 'true' }] } }),
      await keyOf({ setUp: { ...copying, network: ['other.cards.test'] } }),
      await keyOf({ setUp: copying, from: await pushed(registry.project('2.0.0')) }),
    ];
    expect(new Set([first, ...others].map(facts => facts?.layer)).size).toBe(4);
    expect(others.map(facts => facts?.reused)).toEqual([false, false, false]);
    const back = await pushed({ ...registry.project('1.0.0'), 'src/unrelated.js': '// no input\n' });
    expect(await keyOf({ setUp: copying, from: back })).toMatchObject({ layer: first?.layer, reused: true });
  });

  test('has its own layer for another repository, target branch or box', async () => {
    const given = { repository: 1, policy: setUp(), files: [], tier: stage.ports.tier };
    const bare = { ...given.tier, boxUid: 12345 };
    const others = [{ repository: 2 }, { tier: bare }, { onlyFor: base }, { target: 'stable/v1' }];
    const keys = [given, ...others.map(other => ({ ...given, ...other }))];
    expect(new Set(await Promise.all(keys.map(setUpKey))).size).toBe(5);
    expect(await setUpKey({ ...given })).toBe(await setUpKey(given));
  });
});

describe('a set-up whose inputs the change touches', () => {
  const files = () => registry.project('2.0.0');
  const look = { commands: ['grep -m1 -o \'"greeting": "[0-9.]*"\' made.json'] };

  test('is that of the base, with a note for the reviewer', async () => {
    const verification = await verified({ files: files(), setUp: { commands: [copy] }, ...look });
    expect(verification).toMatchObject({
      setUp: { on: 'base' },
      notes: expect.arrayContaining([
        expect.stringMatching(/touches package-lock.json, package.json, which the set-up reads/),
      ]),
    });
    expect(await textOf(verification.checks[0]?.output)).toBe('"greeting": "1.0.0"');
  });

  test('runs again if the policy says so, for exactly that commit', async () => {
    const runAgain = { commands: [copy], whenInputsChange: 'run' } as const;
    const verifiedAgain = async (changed: ChangedFiles) =>
      await verified({ files: changed, setUp: runAgain, ...look });
    const verification = await verifiedAgain(files());
    expect(verification).toMatchObject({
      setUp: { on: 'head', reused: false },
      notes: expect.arrayContaining([expect.stringMatching(/: the set-up ran again on the change/)]),
    });
    expect(await textOf(verification.checks[0]?.output)).toBe('"greeting": "2.0.0"');
    // Another change with the same lock file, or the default branch, never uses this change's layer.
    const other = await verifiedAgain({ ...files(), 'src/x.js': '// x\n' });
    expect(other.setUp).toMatchObject({ on: 'head', reused: false });
    expect(other.setUp?.layer).not.toBe(verification.setUp?.layer);
    expect((await verifiedAgain(files())).setUp).toMatchObject({
      layer: verification.setUp?.layer,
      reused: true,
    });
  });

  test('is a failed check of the change when it fails', async () => {
    const parse = { name: 'parse', run: "node -p \"require('./package-lock.json').packages[''].name\"" };
    const verification = await verified({
      files: { 'package-lock.json': '{}' },
      setUp: { commands: [parse], whenInputsChange: 'run' },
    });
    expect(verification.checks).toMatchObject([
      { name: 'set-up: parse', on: 'head', passed: false, exitCode: 1 },
    ]);
    expect(await textOf(verification.checks[0]?.output)).toContain('TypeError');
  });
});

describe('a failed set-up', () => {
  const ended = async (change: Partial<Policy['setUp']>) => {
    const before = await layers();
    const policy = await policyWith(change);
    await stage.agent(report);
    const { ended: end } = await perform(stage.activities.runAgent, await stage.runInput({ policy, base }));
    expect(await layers()).toEqual(before);
    return end;
  };

  test('is SetUpFailed with its output, and no agent is started', async () => {
    const end = await ended({ commands: [{ name: 'install', run: 'echo "no such thing" >&2; exit 3' }] });
    expect(end).toMatchObject({
      failure: 'SetUpFailed',
      message: expect.stringMatching(
        /“install” failed on the base \(exit 3\): no such thing; output sha256:[0-9a-f]+; box: bubblewrap$/,
      ),
    });
    const digest = /output (sha256:[0-9a-f]{64})/.exec(JSON.stringify(end))?.[1];
    expect(await textOf(digest as Digest)).toBe('$ echo "no such thing" >&2; exit 3\n! no such thing');
  });

  test('names the host that the policy does not name', async () => {
    const end = await ended({ network: ['other.cards.test'] });
    expect(end).toMatchObject({
      failure: 'SetUpFailed',
      message: expect.stringContaining(`${host} is not named by the policy`),
    });
  });

  test('has no network when the policy names no host', async () => {
    const look = `ls /run; env | grep -i proxy; (echo > /dev/tcp/127.0.0.1/${registry.port}) && echo reached; exit 1`;
    const end = await ended({ network: [], commands: [{ name: 'look', run: `bash -c '${look}'` }] });
    expect(JSON.stringify(end)).toContain('SetUpFailed');
    expect(JSON.stringify(end)).not.toMatch(/egress|reached|http_proxy/i);
  });

  test('cannot bypass its proxy', async () => {
    const direct = `(echo > /dev/tcp/127.0.0.1/${registry.port}) && exit 9`;
    const through = `node -e "fetch('http://127.0.0.1:8080/').then(r => r.text()).then(t => { console.error(t); process.exit(1) })"`;
    const run = `bash -c '${direct}'; ${through}`;
    expect(await ended({ commands: [{ name: 'look', run }] })).toMatchObject({
      message: expect.stringMatching(/Connection refused.* signalbox: not a proxy request/),
    });
  });

  test('that exceeds its time limit is ended with all its processes', async () => {
    const seconds = rareSeconds();
    const run = `setsid sleep ${seconds} & sleep ${seconds}`;
    expect(await ended({ commands: [{ name: 'hang', run }], timeoutMs: 1_000 })).toMatchObject({
      failure: 'SetUpFailed',
      message: expect.stringContaining('(ended by wall-clock)'),
    });
    expect(await processesWith(seconds)).toEqual([]);
  });

  test('leaves no layer when it is cancelled', async () => {
    const before = await layers();
    const seconds = rareSeconds();
    const run = `mkdir node_modules; setsid sleep ${seconds} & sleep ${seconds}`;
    const policy = await policyWith({ commands: [{ name: 'hang', run }] });
    const environment = activityEnvironment();
    const input = await stage.runInput({ policy, base });
    const end = environment.run(stage.activities.runAgent, input).catch((error: unknown) => error);
    await until(async () => (await processesWith(seconds)).length >= 2);
    environment.cancel();
    expect(await end).toBeInstanceOf(CancelledFailure);
    expect(await processesWith(seconds)).toEqual([]);
    expect(await layers()).toEqual(before);
  });
});
