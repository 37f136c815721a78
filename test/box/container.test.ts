/** The container box on real engines: what it holds, what it lets be done, what it leaves. Skipped by name where none answers. */
import { execFileSync, spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { exportChange } from '../../src/box/change-export.ts';
import { callEngine } from '../../src/box/container/engine.ts';
import { openTargets, type ProbeTargets } from '../../src/box/probe-targets.ts';
import { callProbes } from '../../src/box/seccomp/call-probes.ts';
import { failedProbes, probeSpec, selfTest } from '../../src/box/self-test.ts';
import { type ContainerTier, describeBox, detectTier } from '../../src/box/tier.ts';
import { waitUntil } from '../../src/box/wait.ts';
import { allocateWorkspace, type Workspace } from '../../src/box/workspace.ts';
import { defaultManifestLimits, parseManifest } from '../../src/contracts/change-manifest.ts';
import { shell, type ShellOptions } from './support/box.ts';
import { answeringEngines, makeImage, removeImage, type TestEngine } from './support/engines.ts';
import { processesWith, rareSeconds } from './support/processes.ts';
import { instead, runUnguardedContainer } from './support/unguarded-container.ts';

const MiB = 1024 * 1024;
const IMAGE = `signalbox-test-box:${process.pid}`;
const engines = await answeringEngines();

if (engines.length === 0)
  test.skip('the container box: neither Docker nor Podman answers on this machine', () => undefined);

const marker = rareSeconds();

for (const engine of engines) {
  describe(`in a container of ${engine.name}`, () => suite(engine));
}

function suite(engine: TestEngine): void {
  const { name, environment } = engine;
  let tier: ContainerTier;
  let rootDir: string;
  let workspace: Workspace;
  beforeAll(async () => {
    await makeImage(engine, IMAGE);
    tier = await containerTier(engine);
    rootDir = await mkdtemp(path.join(tmpdir(), 'container-box-'));
    workspace = await allocateWorkspace({
      ...{
        tier,
        rootDir,
        runId: 'container',
        workspaceBytesMax: 32 * MiB,
        workspaceFilesMax: 500,
        fill: repository,
      },
    });
  }, 120_000);
  afterAll(async () => {
    await workspace.release();
    await rm(rootDir, { recursive: true });
    await removeImage(engine, IMAGE);
  }, 60_000);
  afterEach(async () => expect(await leftovers(engine)).toEqual({ processes: [], containers: [], dirs: [] }));

  const hostile = (script: string, options: ShellOptions = {}) =>
    shell(script, { tier, workspaceDir: workspace.dir, ...options });

  test('the tier names engine, version, image and what it does not give', () => {
    expect(describeBox(tier)).toMatch(
      new RegExp(`^container \\(${name} \\d+\\.\\S+(, rootless)?, image sha256:[0-9a-f]{64}\\): namespaces`),
    );
    expect(tier.gaps.map(gap => gap.name)).toEqual([
      'first-process',
      ...(name === 'docker' ? ['host-key-counts'] : []),
      'overlays',
    ]);
  });

  describe('the self-test', () => {
    test('denies every probe of which the tier does not say that it cannot', async () => {
      const results = await selfTest(tier);
      expect(failedProbes(results)).toEqual([]);
      const known = results.filter(({ denied }) => !denied).map(({ probe }) => probe);
      for (const probe of known) expect(tier.gaps.map(gap => gap.name)).toContain(probe);
      expect(results.length).toBeGreaterThan(50);
    });

    let targets: ProbeTargets;
    beforeEach(async () => {
      targets = await openTargets(tier);
    });
    afterEach(async () => targets.close());

    const first = (option: string, ...words: string[]) => instead([option], [...words, option]);
    const calls = callProbes(process.arch === 'arm64' ? 'arm64' : 'x64').map(
      probe => `system-call ${probe.name}`,
    );
    test.each<[string, (args: readonly string[]) => readonly string[], readonly string[]]>([
      [
        'the network',
        instead(['--network', 'none'], ['--network', 'host']),
        ['network', 'abstract-socket', 'dns'],
      ],
      [
        'the process namespace',
        args => instead(['--init'], [])(first('--network', '--pid', 'host')(args)),
        ['host-processes'],
      ],
      [
        'what is not mounted',
        args => first('--mount', '--volume', `${targets.hostFile}:${targets.hostFile}:ro`)(args),
        ['host-files', 'symlink-out'],
      ],
      [
        'the homes',
        args =>
          first(
            '--mount',
            '--volume',
            `${targets.credentials[0] ?? ''}:/root/x:ro`,
            '--volume',
            `${targets.credentials[0] ?? ''}:${targets.credentials[0] ?? ''}:ro`,
          )(args),
        ['credentials'],
      ],
      ['the dropped capabilities', instead(['--cap-drop', 'ALL'], []), ['privileges']],
      [
        'the read-only root, for a user who may write there',
        args =>
          instead(
            ['--read-only'],
            [],
          )(instead(['--cap-drop', 'ALL'], [])(instead(['--user'], ['--user', '0:0', '--label'])(args))),
        ['write-outside'],
      ],
      [
        'the read-only .git',
        args => args.map(word => (word.includes('target=/ws/.git') ? word.replace(',readonly', '') : word)),
        ['write-git'],
      ],
      ['the cleared environment', args => instead(['-i', '/bin/sh'], ['/bin/sh'])(args), ['environment']],
      [
        'the system-call filter',
        args => args.map(word => (word.startsWith('seccomp=') ? 'seccomp=unconfined' : word)),
        ['system-call-filter', 'new-namespaces', ...calls],
      ],
    ])('reaches more without %s', async (_, edit, expected) => {
      const output = await runUnguardedContainer(probeSpec(tier, targets), tier, edit);
      const results = JSON.parse(output) as Record<string, string>;
      expect(expected.filter(probe => results[probe] === '')).toEqual([]);
    });

    test('finds out when the engine sees other files than the runner', async () => {
      const elsewhere = { ...tier, engine: { ...tier.engine, path: await engineElsewhere(tier, rootDir) } };
      const results = failedProbes(await selfTest(elsewhere));
      expect(results).toMatchObject([
        { probe: 'own-uid', detail: expect.stringContaining('another workspace') },
      ]);
    });
  });

  describe('an agent', () => {
    test('reads, writes and commits nothing; its files are the box’s user’s; its change is exported', async () => {
      const script = `
        read -r prompt; echo "$prompt"; git status --porcelain; sed -i s/hello/goodbye/ a.txt; echo new > new.txt
        touch .git/x .codex/y /usr/x /x 2> /dev/null; ls -A .codex; echo "$HOME $(id -u) $0"; cat /etc/passwd
        cat /run/agent/task.json; node -p '6*7'; git -C /ws log --format=%s`;
      const run = await hostile(script, {
        stdin: 'do it\n',
        maskedWorkspaceDirs: ['.codex'],
        files: { '/run/agent/task.json': '{"a":1}\n' },
      });
      const uid = tier.boxUid ?? process.getuid?.();
      expect(run.stdout.split('\n')).toEqual([
        ...['do it', `/home/agent ${uid} bash`, `agent:x:${uid}:${uid}::/home/agent:${tier.image.shell}`],
        ...['nobody:x:65534:65534::/:/bin/false', '{"a":1}', '42', 'base', ''],
      ]);
      expect(run).toMatchObject({ ending: 'exited', exitCode: 0, stderrTail: '' });
      for (const file of ['a.txt', 'new.txt'])
        expect([file, (await stat(path.join(workspace.dir, file))).uid]).toEqual([file, uid]);
      const baseCommit = execFileSync(
        'git',
        ['-C', workspace.dir, '-c', 'safe.directory=*', 'rev-parse', 'HEAD'],
        {
          encoding: 'utf8',
        },
      ).trim();
      const exported = await exportChange({ tier, workspaceDir: workspace.dir, baseCommit });
      if ('problem' in exported) throw new Error(exported.problem);
      const manifest = parseManifest(exported.manifest, defaultManifestLimits);
      expect('entries' in manifest ? manifest.entries.map(entry => entry.path) : manifest).toEqual([
        'a.txt',
        'new.txt',
      ]);
    });

    test('reaches the model’s socket through the relay, and nothing else', async () => {
      const dir = await mkdtemp(path.join(tmpdir(), 'container-model-'));
      const socketPath = path.join(dir, 'run.sock');
      const server = createServer((_request, response) => response.end('the model'));
      await new Promise<void>(resolve => server.listen(socketPath, resolve));
      for (const [file, mode] of [
        [dir, 0o755],
        [socketPath, 0o777],
      ] as const)
        await chmod(file, mode);
      try {
        const ask = `fetch('http://127.0.0.1:8080/').then(a => a.text()).then(console.log)`;
        const run = await hostile(`exec node -e "${ask}"`, { modelSocketPath: socketPath });
        expect(run).toMatchObject({ exitCode: 0, stdout: 'the model\n' });
        expect((await hostile(`exec node -e "${ask}"`)).exitCode).not.toBe(0);
      } finally {
        server.close();
        await rm(dir, { recursive: true });
      }
    });

    test.each([0, 1, 125, 126, 127, 137])('has its exit code %d told as its own', async code => {
      expect(await hostile(`exit ${code}`)).toMatchObject({ ending: 'exited', exitCode: code });
    });

    test('may use a signal that asks it to end', async () => {
      const run = await hostile(`trap 'echo asked; exit 3' TERM; sleep ${marker} & wait`, {
        limits: { wallClockMs: 2500, killGraceMs: 10_000 },
      });
      expect(run).toMatchObject({ ending: 'wall-clock', exitCode: 3, stdout: 'asked\n' });
    });
  });

  describe('a limit holds for', () => {
    test('memory', async () => {
      const eat = async (memoryBytesMax: number) =>
        hostile(`x=$(head -c 100000000 /dev/zero | tr "\\0" x); echo \${#x}`, { limits: { memoryBytesMax } });
      const beyond = await eat(60 * MiB);
      expect(beyond.stdout).toBe('');
      expect(beyond.exitCode).not.toBe(0);
      // Podman does not tell.
      if (name === 'docker') expect(beyond.memoryKills).toBeGreaterThan(0);
      expect(await eat(800 * MiB)).toMatchObject({
        ...{ exitCode: 0, stdout: '100000000\n' },
        ...(name === 'docker' && { memoryKills: 0 }),
      });
    });

    test.each([
      [200, true],
      [20, false],
    ])('processes: thirty of them, where %d are allowed', async (processesMax, fits) => {
      const start = `for i in 1 2 3 4 5 6 7 8 9 10; do sleep ${marker} & sleep ${marker} & sleep ${marker} & done`;
      const run = await hostile('', {
        command: 'sh',
        args: ['-c', `${start}; exit 0`],
        limits: { processesMax },
      });
      expect([run.ending, run.exitCode === 0]).toEqual(['exited', fits]);
    });

    test.each(['/tmp', '/home/agent', '/dev/shm'])('the space of %s', async dir => {
      const fill = async (megabytes: number) =>
        hostile(`head -c ${megabytes}M /dev/zero > ${dir}/fill`, { limits: { tmpBytesMax: 8 * MiB } });
      expect((await fill(20)).stderrTail).toContain('No space left on device');
      expect((await fill(4)).exitCode).toBe(0);
    });

    test('one file, and output', async () => {
      const limits = { fileBytesMax: MiB, outputBytesMax: MiB };
      expect((await hostile('head -c 4M /dev/zero > /tmp/big', { limits })).exitCode).not.toBe(0);
      expect((await hostile('head -c 500K /dev/zero > /tmp/big', { limits })).exitCode).toBe(0);
      expect(await hostile('exec yes', { limits })).toMatchObject({
        ending: 'output-limit',
        stdoutBytes: MiB,
      });
    });
  });

  describe('nothing is left of', () => {
    test.each(
      Object.entries({
        'one that ignores TERM': `trap '' TERM INT HUP; while :; do sleep ${marker}; done`,
        'a session two forks away': `trap '' TERM; (setsid bash -c "trap '' TERM; (sleep ${marker} &) ; sleep ${marker}" &) ; sleep ${marker}`,
        many: `trap '' TERM; for i in $(seq 50); do setsid sleep ${marker} & done; wait`,
      }),
    )('%s, after TERM, the grace and KILL', async (_, script) => {
      const run = await hostile(script, { limits: { wallClockMs: 2500, killGraceMs: 300 } });
      expect(run.ending).toBe('wall-clock');
      expect(run.durationMs).toBeLessThan(2500 + 5000);
    });

    test('a daemon, when its command has ended well', async () => {
      const run = await hostile(`setsid sleep ${marker} > /dev/null 2>&1 & sleep 0.2; echo started`);
      expect(run).toMatchObject({ ending: 'exited', exitCode: 0, stdout: 'started\n' });
    });

    test('a run that is called off before it has started', async () => {
      const stop = new AbortController();
      const run = hostile(`sleep ${marker}`, { signal: stop.signal });
      stop.abort();
      expect((await run).ending).toBe('cancelled');
    });

    test('the box of a runner that is killed, by its guard', async () => {
      const { kill } = await runnerWithBox(engine);
      await kill();
      expect(await waitUntil(() => isClean(engine), 20_000, 100)).toBe(true);
    });

    test('the box of a runner that is killed with its guard, when the next one starts', async () => {
      const { kill, container } = await runnerWithBox(engine);
      const guards = await processesWith(container);
      for (const pid of guards) if (await isGuard(pid)) process.kill(pid, 'SIGKILL');
      await kill();
      // Meanwhile it runs on, in its box and with its limits on memory and processes, but with none on time.
      expect(await processesWith(marker)).not.toEqual([]);
      await containerTier(engine);
      expect(await waitUntil(() => isClean(engine), 5000, 100)).toBe(true);
    });
  });

  test('the run’s token is in the command’s environment, and in no argument, file or record of the engine', async () => {
    const secret = `secret-${marker}`;
    const running = hostile(`echo here; sleep ${marker}`, {
      env: { PATH: '/usr/bin:/bin', GW_KEY: secret },
      limits: { wallClockMs: 6000 },
    });
    expect(await waitUntil(async () => (await processesWith(marker)).length > 0, 5000)).toBe(true);
    const [sleeper = 0] = await processesWith(marker);
    expect(await readFile(`/proc/${sleeper}/environ`, 'utf8')).toContain(`GW_KEY=${secret}`);
    const containers = await containersOf(engine);
    expect(containers).toHaveLength(1);
    expect((await callEngine(engine, ['container', 'inspect', ...containers])).stdout).not.toContain(secret);
    expect(await commandLines()).not.toContain(secret);
    expect(await commandLines()).toContain(marker);
    const dirs = await ownDirs();
    expect(dirs).toHaveLength(1);
    const files = execFileSync('grep', ['-rlc', '-e', 'agent:x', '-e', secret, ...dirs], {
      encoding: 'utf8',
    });
    expect(files.trim().split('\n').length).toBeGreaterThan(0);
    expect(
      execFileSync('sh', ['-c', 'grep -rl -e "$1" "$2" || true', 'find', secret, ...dirs], {
        encoding: 'utf8',
      }),
    ).toBe('');
    expect((await running).ending).toBe('wall-clock');
  });

  test('overlays are refused, not left out', async () => {
    const run = await hostile('true', { overlays: [{ from: rootDir, to: '/ws/node_modules' }] });
    expect(run).toMatchObject({ ending: 'could-not-start', stderrTail: expect.stringContaining('overlays') });
  });

  test.each([
    ['that is not there', undefined, `${name} has no image`],
    ['with volumes', { changes: ['VOLUME /data'] }, 'declares volumes'],
    ['without git', { without: ['git'] }, 'git'],
  ])('an image %s makes no box', async (_, contents, problem) => {
    const image = `${IMAGE}-other`;
    if (contents !== undefined) await makeImage(engine, image, contents);
    try {
      const none = await detectTier({ box: 'container', image, engine: name, environment });
      expect(none.name).toBe('none');
      expect(none.problems[0]?.what).toContain(problem);
    } finally {
      await removeImage(engine, image);
    }
  });
}

async function containerTier({ name, environment }: TestEngine): Promise<ContainerTier> {
  const tier = await detectTier({ box: 'container', image: IMAGE, engine: name, environment });
  if (tier.name === 'container') return tier;
  throw new Error(`${name} makes no box: ${tier.problems[0]?.what ?? ''}`);
}

/** As in a mount namespace of its own: below the workspace's path it has another directory. */
async function engineElsewhere({ engine, boxUid }: ContainerTier, dir: string): Promise<string> {
  const other = path.join(dir, 'other');
  await mkdir(path.join(other, '.git'), { recursive: true });
  if (boxUid !== undefined) await chown(other, boxUid, boxUid);
  const file = path.join(dir, 'engine');
  const script = `#!/bin/bash
words=()
for word in "$@"; do
  case "$word" in type=bind,source=*,target=/ws) word="type=bind,source=${other},target=/ws";; esac
  words+=("$word")
done
exec "${engine.path}" "\${words[@]}"
`;
  await writeFile(file, script, { mode: 0o755 });
  return file;
}

async function repository(dir: string): Promise<void> {
  await writeFile(path.join(dir, 'a.txt'), 'hello\n');
  const git = (...args: string[]) => execFileSync('git', ['-C', dir, ...args], { stdio: 'ignore' });
  git('init', '--quiet');
  git('add', 'a.txt');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.invalid', 'commit', '--quiet', '--message', 'base');
}

/** Another process that runs a box, as a runner does. */
async function runnerWithBox({ name, environment }: TestEngine) {
  const choice = { box: 'container', image: IMAGE, engine: name, environment };
  const program = `
    import { runInBox } from './src/box/run.ts';
    import { defaultLimits } from './src/box/spec.ts';
    import { detectTier } from './src/box/tier.ts';
    const command = { command: 'bash', args: ['-c', 'trap "" TERM HUP; setsid sleep ${marker} & sleep ${marker}'] };
    const spec = { ...command, env: { PATH: '/usr/bin:/bin' }, readOnlyMounts: [], stdin: '', limits: defaultLimits };
    await runInBox(spec, { tier: await detectTier(${JSON.stringify(choice)}) });`;
  const args = ['--import', './test/support/typescript.mjs', '--input-type=module', '--eval', program];
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const runner = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
  expect(await waitUntil(async () => (await processesWith(marker)).length >= 2, 20_000)).toBe(true);
  const [container = ''] = await containersOf({ name, path: name, environment });
  return {
    container,
    kill: async () => {
      const ended = new Promise(resolve => runner.once('exit', resolve));
      runner.kill('SIGKILL');
      await ended;
    },
  };
}

async function isGuard(pid: number): Promise<boolean> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  return words.includes('guard');
}

async function containersOf(engine: TestEngine): Promise<readonly string[]> {
  const { stdout } = await callEngine(engine, ['ps', '--all', '--format', '{{.Names}}']);
  return stdout.split('\n').filter(name => name.startsWith('signalbox-box-'));
}

async function ownDirs(): Promise<readonly string[]> {
  const names = await readdir(tmpdir());
  return names.filter(name => name.startsWith('signalbox-box-')).map(name => path.join(tmpdir(), name));
}

async function leftovers(engine: TestEngine) {
  return {
    processes: await processesWith(marker),
    containers: await containersOf(engine),
    dirs: await ownDirs(),
  };
}

async function isClean(engine: TestEngine): Promise<boolean> {
  return Object.values(await leftovers(engine)).every(list => list.length === 0);
}

/** Of every process on this host. */
async function commandLines(): Promise<string> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.join('\n');
}
