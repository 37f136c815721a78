/** What an honest agent can do in the agent's own sandbox, and how far. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { greetingFix } from '../../../simulator/model/scripts.ts';
import { codexAdapter } from '../../../src/agents/codex/adapter.ts';
import { exportChange } from '../../../src/box/change-export.ts';
import { type BoxLimits } from '../../../src/box/spec.ts';
import { defaultManifestLimits, parseManifest } from '../../../src/contracts/change-manifest.ts';
import { runBoxed } from '../../agents/support/boxed-run.ts';
import { MiB } from '../support/container-stage.ts';
import { openStage } from '../../model-gateway/support/gateway.ts';
import { inSandboxes, marker } from '../support/sandbox-stage.ts';

inSandboxes('an agent', stage => {
  test('reads, writes and commits nothing; its change is exported', async () => {
    const script = `
      read -r prompt; echo "$prompt"; git status --porcelain; sed -i s/hello/goodbye/ a.txt; echo new > new.txt
      touch .git/x .codex/y /usr/y 2> /dev/null; echo "$PWD $HOME $(id -u)"; echo x > $HOME/x; echo x > /tmp/x
      cat /run/agent/task.json; node -p '6*7'; git -C /ws log --format=%s; node -e 'process.stdout.write("piped")' | cat`;
    const run = await stage.run(script, {
      stdin: 'do it\n',
      maskedWorkspaceDirs: ['.codex', '.claude'],
      files: { '/run/agent/task.json': '{"a":1}\n' },
    });
    const uid = process.getuid?.() ?? 0;
    expect(run.stdout.split('\n')).toEqual([
      ...['do it', `/ws /home/agent ${uid}`, '{"a":1}', '42', 'base', 'piped'],
    ]);
    expect(run).toMatchObject({ ending: 'exited', exitCode: 0, stderrTail: '' });
    const { dir: workspaceDir } = stage.workspace();
    const baseCommit = execFileSync('git', ['-C', workspaceDir, 'rev-parse', 'HEAD'], {
      encoding: 'utf8',
    }).trim();
    const exported = await exportChange({ tier: stage.tier(), workspaceDir, baseCommit });
    if ('problem' in exported) throw new Error(exported.problem);
    const manifest = parseManifest(exported.manifest, defaultManifestLimits);
    expect('entries' in manifest ? manifest.entries.map(entry => entry.path) : manifest).toEqual([
      'a.txt',
      'new.txt',
    ]);
  });

  test('sees nothing of what is masked', async () => {
    const maskedWorkspaceDirs = ['.agents', '.codex', '.claude'];
    const look = `for dir in ${maskedWorkspaceDirs.join(' ')}; do ls -A $dir; echo x > $dir/y; done 2> /dev/null; exit 0`;
    const dirs = maskedWorkspaceDirs.map(dir => path.join(stage.workspace().dir, dir));
    for (const dir of dirs) {
      await mkdir(dir, { recursive: true });
      await writeFile(path.join(dir, 'skill'), '');
    }
    expect(await stage.run(look, { maskedWorkspaceDirs })).toMatchObject({ exitCode: 0, stdout: '' });
    expect((await stage.run(look)).stdout).toContain('skill');
    for (const dir of dirs) await rm(dir, { recursive: true });
  });

  test('runs tests that start processes and listen on loopback', async () => {
    const ask = `const { spawnSync } = require('node:child_process');
      const server = require('node:http').createServer((_, answer) => answer.end('heard')).listen(0, '127.0.0.1', async () => {
        console.log(await (await fetch('http://127.0.0.1:' + server.address().port)).text());
        console.log(String(spawnSync(process.execPath, ['-p', '1+1']).stdout).trim());
        server.close(); });`;
    expect(await stage.run(`exec node -e "${ask.replaceAll('\n', ' ')}"`)).toMatchObject({
      exitCode: 0,
      stdout: 'heard\n2\n',
    });
  });

  test.each(['modelSocketPath', 'egressSocketPath'])(
    'reaches the %s through the relay, by many connections at once, and nothing else',
    async socket => {
      const dir = await mkdtemp(path.join(tmpdir(), 'sandbox-model-'));
      const socketPath = path.join(dir, 'run.sock');
      const server = createServer((request, response) => void request.pipe(response));
      await new Promise<void>(resolve => server.listen(socketPath, resolve));
      try {
        const ask = `const body = 'x'.repeat(300000);
        const one = () => fetch('http://127.0.0.1:8080/', { method: 'POST', body }).then(a => a.text()).then(t => t === body);
        Promise.all(Array.from({ length: 20 }, one)).then(all => console.log(all.every(Boolean)));`;
        const script = `ls /proc/self/fd/3 2> /dev/null && echo inherited; exec node -e "${ask.replaceAll('\n', ' ')}"`;
        expect(await stage.run(script, { [socket]: socketPath })).toMatchObject({
          exitCode: 0,
          stdout: 'true\n',
        });
        expect((await stage.run(script)).exitCode).not.toBe(0);
      } finally {
        server.close();
        await rm(dir, { recursive: true });
      }
    },
  );

  test('Codex itself works, on a scripted model', async () => {
    const model = await openStage({ script: greetingFix() });
    try {
      const adapter = codexAdapter(stage.tier().codex);
      const outcome = await runBoxed({ stage: model, adapter, tier: stage.tier() });
      expect(outcome.ending).toMatchObject({ kind: 'reported', report: { outcome: 'patch' } });
      expect(outcome.changed).toEqual([' M src/greeting.js', '?? test/greeting-refresh.test.js']);
      expect(outcome.usage).toMatchObject({ requests: 7, refusals: 0 });
    } finally {
      await model.close();
    }
  });

  test.each([0, 1, 125, 127, 137])('has its exit code %d told as its own', async code => {
    expect(await stage.run(`exit ${code}`)).toMatchObject({ ending: 'exited', exitCode: code });
  });

  test('may use a signal that asks it to end', async () => {
    const run = await stage.run(`trap 'echo asked; exit 3' TERM; sleep ${marker} & wait`, {
      limits: { wallClockMs: 1500, killGraceMs: 10_000 },
    });
    expect(run).toMatchObject({ ending: 'wall-clock', exitCode: 3, stdout: 'asked\n' });
  });

  test.each<[string, string, Partial<BoxLimits>, string]>([
    [
      'memory',
      `for i in 1 2 3 4; do (x=$(head -c 40000000 /dev/zero | tr '\\0' x); sleep ${marker}) & done; wait`,
      { memoryBytesMax: 100 * MiB },
      'memory-limit',
    ],
    [
      'memory that files take',
      `head -c 200M /dev/zero > /tmp/fill; sleep ${marker}`,
      { memoryBytesMax: 100 * MiB },
      'memory-limit',
    ],
    [
      'the workspace',
      `head -c 20M /dev/zero > fill; sleep ${marker}`,
      { workspaceBytesMax: 8 * MiB },
      'workspace-limit',
    ],
    ['output', 'exec yes', { outputBytesMax: MiB }, 'output-limit'],
    ['silence', `sleep ${marker}`, { silenceMs: 1000 }, 'silence'],
  ])('is ended by the limit for %s', async (...[, script, limits, ending]) => {
    expect((await stage.run(script, { limits })).ending).toBe(ending);
    await stage.run('rm -f fill');
  });
});
