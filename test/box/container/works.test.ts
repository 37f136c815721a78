/** An honest agent works in the container box on real engines, within its limits. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { greetingFix } from '../../../simulator/model/scripts.ts';
import { codexAdapter } from '../../../src/agents/codex/adapter.ts';
import { findCodex } from '../../../src/agents/codex/binary.ts';
import { exportChange } from '../../../src/box/change-export.ts';
import { defaultManifestLimits, parseManifest } from '../../../src/contracts/change-manifest.ts';
import { runBoxed } from '../../agents/support/boxed-run.ts';
import { openStage } from '../../model-gateway/support/gateway.ts';
import { inContainers, marker, MiB } from '../support/container-stage.ts';

inContainers('an agent', stage => {
  const { name } = stage.engine;

  describe('in the box', () => {
    test('reads and writes files as the box’s user, cannot change .git, and its change is exported', async () => {
      const script = `
        read -r prompt; echo "$prompt"; git status --porcelain; sed -i s/hello/goodbye/ a.txt; echo new > new.txt
        touch .git/x .codex/y /usr/x /x 2> /dev/null; ls -A .codex; echo "$HOME $(id -u) $0"; cat /etc/passwd
        cat /run/agent/task.json; node -p '6*7'; git -C /ws log --format=%s`;
      const run = await stage.run(script, {
        stdin: 'do it\n',
        maskedWorkspaceDirs: ['.codex'],
        files: { '/run/agent/task.json': '{"a":1}\n' },
      });
      const uid = stage.tier().boxUid ?? process.getuid?.();
      expect(run.stdout.split('\n')).toEqual([
        ...[
          'do it',
          `/home/agent ${uid} bash`,
          `agent:x:${uid}:${uid}::/home/agent:${stage.tier().image.shell}`,
        ],
        ...['nobody:x:65534:65534::/:/bin/false', '{"a":1}', '42', 'base', ''],
      ]);
      expect(run).toMatchObject({ ending: 'exited', exitCode: 0, stderrTail: '' });
      for (const file of ['a.txt', 'new.txt'])
        expect([file, (await stat(path.join(stage.workspace().dir, file))).uid]).toEqual([file, uid]);
      const baseCommit = execFileSync(
        'git',
        ['-C', stage.workspace().dir, '-c', 'safe.directory=*', 'rev-parse', 'HEAD'],
        {
          encoding: 'utf8',
        },
      ).trim();
      const exported = await exportChange({
        ...{ tier: stage.tier(), workspaceDir: stage.workspace().dir, baseCommit },
      });
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
        const run = await stage.run(`exec node -e "${ask}"`, { modelSocketPath: socketPath });
        expect(run).toMatchObject({ exitCode: 0, stdout: 'the model\n' });
        expect((await stage.run(`exec node -e "${ask}"`)).exitCode).not.toBe(0);
      } finally {
        server.close();
        await rm(dir, { recursive: true });
      }
    });

    test.each([0, 1, 125, 126, 127, 137])(
      'exits with code %d, which is reported as the command’s',
      async code => {
        expect(await stage.run(`exit ${code}`)).toMatchObject({ ending: 'exited', exitCode: code });
      },
    );

    test('can be Codex, with a scripted model', async () => {
      const binary = findCodex();
      if (binary === undefined) throw new Error('this test needs the Codex binary: npm ci');
      const model = await openStage({ script: greetingFix() });
      try {
        const outcome = await runBoxed({ stage: model, adapter: codexAdapter(binary), tier: stage.tier() });
        expect(outcome.ending).toMatchObject({ kind: 'reported', report: { outcome: 'patch' } });
        expect(outcome.changed).toEqual([' M src/greeting.js', '?? test/greeting-refresh.test.js']);
        expect(outcome.usage).toMatchObject({ requests: 7, refusals: 0 });
      } finally {
        await model.close();
      }
    });

    test('can handle TERM and exit', async () => {
      const run = await stage.run(`trap 'echo asked; exit 3' TERM; sleep ${marker} & wait`, {
        limits: { wallClockMs: 2500, killGraceMs: 10_000 },
      });
      expect(run).toMatchObject({ ending: 'wall-clock', exitCode: 3, stdout: 'asked\n' });
    });
  });

  describe('a limit holds for', () => {
    test('memory', async () => {
      const eat = async (memoryBytesMax: number) =>
        stage.run(`x=$(head -c 100000000 /dev/zero | tr "\\0" x); echo \${#x}`, {
          limits: { memoryBytesMax },
        });
      const beyond = await eat(60 * MiB);
      expect(beyond.stdout).toBe('');
      expect(beyond.exitCode).not.toBe(0);
      // Podman does not report it.
      if (name === 'docker') expect(beyond.memoryKills).toBeGreaterThan(0);
      expect(await eat(800 * MiB)).toMatchObject({
        ...{ exitCode: 0, stdout: '100000000\n' },
        ...(name === 'docker' ? { memoryKills: 0 } : {}),
      });
    });

    test.each([
      [200, true],
      [20, false],
    ])('processes: thirty of them with a limit of %d: allowed: %s', async (processesMax, fits) => {
      const start = `for i in 1 2 3 4 5 6 7 8 9 10; do sleep ${marker} & sleep ${marker} & sleep ${marker} & done`;
      const run = await stage.run('', {
        command: 'sh',
        args: ['-c', `${start}; exit 0`],
        limits: { processesMax },
      });
      expect([run.ending, run.exitCode === 0]).toEqual(['exited', fits]);
    });

    test.each(['/tmp', '/home/agent', '/dev/shm'])('the space of %s', async dir => {
      const fill = async (megabytes: number) =>
        stage.run(`head -c ${megabytes}M /dev/zero > ${dir}/fill`, { limits: { tmpBytesMax: 8 * MiB } });
      expect((await fill(20)).stderrTail).toContain('No space left on device');
      expect((await fill(4)).exitCode).toBe(0);
    });

    test('one file, and the output', async () => {
      const limits = { fileBytesMax: MiB, outputBytesMax: MiB };
      expect((await stage.run('head -c 4M /dev/zero > /tmp/big', { limits })).exitCode).not.toBe(0);
      expect((await stage.run('head -c 500K /dev/zero > /tmp/big', { limits })).exitCode).toBe(0);
      expect(await stage.run('exec yes', { limits })).toMatchObject({
        ending: 'output-limit',
        stdoutBytes: MiB,
      });
    });
  });
});
