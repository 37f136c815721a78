/**
 * Trees that make git run programs: in the repository itself, and left by an agent. No such program runs outside the
 * agent's box. Positive controls show that each attack works without the protection.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { exportChange, exportSpec } from '../../src/box/change-export.ts';
import { runInBox } from '../../src/box/run.ts';
import { allocateWorkspace, type Workspace } from '../../src/box/workspace.ts';
import { defaultManifestLimits, parseManifest } from '../../src/contracts/change-manifest.ts';
import { ensureMirror, fetchRef, type Mirror } from '../../src/git/mirror.ts';
import { checkoutExact, cloneWorkspace } from '../../src/git/workspace-clone.ts';
import { startGitHttp, type GitHttp } from '../support/git-http.ts';
import { scratchDir, seedRepository } from '../support/git-repos.ts';
import { shell, tier } from './support/box.ts';

const scratch = scratchDir();
const hostWitness = join(scratch.dir, 'attack-ran');
const run = `touch ${hostWitness}; touch /tmp/attack-ran; cat`;

/** Configuration of a directory that git takes for a repository. */
const hostileConfig = `[core]
\trepositoryformatversion = 0
\tbare = false
\tfsmonitor = "${run}; false"
\tsshCommand = "${run}"
\tpager = "${run}"
\teditor = "${run}"
[filter "evil"]
\tclean = "${run}"
\tsmudge = "${run}"
\tprocess = "${run}"
\trequired = true
[diff]
\texternal = "${run}"
[diff "evil"]
\ttextconv = "${run}"
[credential]
\thelper = "!${run}"
[uploadpack]
\tpackObjectsHook = "${run}"
[include]
\tpath = ../included
`;
const bareRepository = {
  'deep/buried/HEAD': 'ref: refs/heads/main\n',
  'deep/buried/config': hostileConfig.replace('bare = false', 'bare = true'),
  'deep/buried/objects/keep': '',
  'deep/buried/refs/keep': '',
  'deep/buried/hooks/post-checkout': { mode: '100755', content: `#!/bin/sh\n${run}\n` },
} as const;
const files = {
  'a.txt': 'hello\n',
  '.gitattributes': '* filter=evil diff=evil merge=evil text eol=crlf\n',
  '.githooks/post-checkout': { mode: '100755', content: `#!/bin/sh\n${run}\n` },
  '.gitconfig': hostileConfig,
  ...bareRepository,
} as const;

let server: GitHttp;
let mirror: Mirror;
let base: string;
let workspace: Workspace;
beforeAll(async () => {
  await chmod(scratch.dir, 0o777);
  const served = join(scratch.dir, 'served');
  base = seedRepository(served, 'acme/app', files);
  const token = 'a-token-that-may-read';
  server = await startGitHttp(served, token);
  mirror = await ensureMirror({ root: join(scratch.dir, 'mirrors'), key: '1' });
  const remote = { url: server.url('acme/app'), token: async () => token };
  await fetchRef({ mirror, remote, ref: 'refs/heads/main' });
  workspace = await allocateWorkspace({
    ...{ tier, rootDir: join(scratch.dir, 'runs'), runId: 'corpus' },
    ...{ workspaceBytesMax: 64 * 1024 * 1024, workspaceFilesMax: 5000 },
    fill: dir => cloneWorkspace({ mirror, base, dir }),
  });
});
afterAll(async () => {
  await workspace.release();
  await server.close();
  scratch.remove();
});

describe('a hostile repository', () => {
  test('is fetched, cloned and checked out byte by byte, and no program of it runs', async () => {
    await checkoutExact({ mirror, commit: base, dir: join(scratch.dir, 'checkout') });
    expect(existsSync(hostWitness)).toBe(false);
    expect(readFileSync(join(scratch.dir, 'checkout', 'a.txt'), 'utf8')).toBe('hello\n');
  });

  test('is cloned for the agent with a configuration that names no program, remote or other file', async () => {
    const config = readFileSync(join(workspace.dir, '.git', 'config'), 'utf8');
    expect(config).not.toMatch(/fsmonitor|hooksPath|sshCommand|filter|include|remote|helper|pager|editor/i);
    expect(await readdir(join(workspace.dir, '.git'))).not.toContain('hooks');
  });

  test('positive control: unprotected git runs the filter of the same tree', () => {
    const settings = ['-c', `filter.evil.smudge=${run}`, '-c', `filter.evil.required=true`];
    const served = join(scratch.dir, 'served', 'acme/app.git');
    execFileSync('git', [...settings, 'clone', '--quiet', served, join(scratch.dir, 'naive')]);
    expect(existsSync(hostWitness)).toBe(true);
    execFileSync('rm', [hostWitness, '/tmp/attack-ran']);
  });
});

describe('a hostile agent', () => {
  const plant = `
    rm -rf lib; git init -q lib; cd lib; echo x > x; git -c user.name=a -c user.email=a@b add x
    git -c user.name=a -c user.email=a@b commit -qm x
    echo '* filter=evil diff=evil' > .gitattributes
    printf '[core]\\n\\tfsmonitor = "${run}; false"\\n' > included
    cp "$HOME/hostile" .git/config; cp ../.githooks/post-checkout .git/hooks/post-checkout
    cd ..; mkdir -p other && printf 'gitdir: ../lib/.git\\n' > other/.git
    for file in config HEAD hooks/post-checkout info/attributes; do echo hostile >> .git/$file; done 2> /dev/null
    mv .git moved 2> /dev/null; rm -rf .git 2> /dev/null; echo changed > a.txt`;
  const agent = (script: string) =>
    shell(script, { workspaceDir: workspace.dir, files: { '/home/agent-config': hostileConfig } });
  const hostile = plant.replace('"$HOME/hostile"', '/home/agent-config');

  test('cannot change the workspace’s .git', async () => {
    const before = readFileSync(join(workspace.dir, '.git', 'config'), 'utf8');
    // planting the files does not run a program either
    expect((await agent(`${hostile}; git log --format=%H -1; ls /tmp`)).stdout.trim()).toBe(base);
    expect(readFileSync(join(workspace.dir, '.git', 'config'), 'utf8')).toBe(before);
    expect(existsSync(join(workspace.dir, '.git', 'hooks'))).toBe(false);
  });

  test.each([
    ['fsmonitor', 'lib', 'git status'],
    ['a filter', 'lib', 'git -c core.fsmonitor=false add x'],
    ['an external diff', 'lib', 'echo y > x; git -c core.fsmonitor=false --no-pager diff'],
    ['a hook', 'lib', 'git -c core.hooksPath=.git/hooks -c core.fsmonitor=false checkout -q -b z'],
    ['the ssh command', 'lib', 'git -c core.fsmonitor=false fetch ssh://nowhere.invalid/x'],
    ['an included file', 'lib', 'git config --unset core.fsmonitor; git status'],
    ['a file in place of .git', 'other', 'git status'],
    ['a buried bare repository', 'deep/buried', 'git --no-pager diff --no-index HEAD config; git log'],
  ])('can run a program through %s, but only inside the box', async (_, dir, command) => {
    const run = await agent(
      `${hostile}; cd ${dir} && { timeout 5 ${command}; } > /dev/null 2>&1 < /dev/null; ls /tmp`,
    );
    expect(run.stdout).toContain('attack-ran');
  });

  test('cannot run a program during the export of the change, or when the workspace is sealed and removed', async () => {
    await agent(hostile);
    const input = { tier, workspaceDir: workspace.dir, baseCommit: base };
    const taken = await exportChange(input);
    if ('problem' in taken) throw new Error(taken.problem);
    const manifest = parseManifest(taken.manifest, defaultManifestLimits);
    expect(manifest).toMatchObject({
      refused: expect.arrayContaining([
        expect.objectContaining({ path: expect.stringMatching(/^lib\/\.git/) }),
      ]),
    });
    // The same export again, then a list of the files in the box.
    const spec = exportSpec(input);
    const lines: string[] = [];
    const script = '"$@" > /dev/null; echo "ended $?"; ls /tmp';
    const args = ['-c', script, 'sh', spec.command, ...spec.args];
    await runInBox({ ...spec, command: 'sh', args }, { tier, onStdoutLine: line => lines.push(line) });
    expect(lines).toEqual(['ended 0', 'rules']);
    expect(await workspace.seal()).toHaveProperty('file');
    expect(existsSync(hostWitness)).toBe(false);
  });
});
