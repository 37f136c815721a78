/** The package as it would be published: installed in an empty folder, it runs the demo to its end. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

const LIMIT_MS = 240_000;
const root = join(import.meta.dirname, '../..');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-packed-'));
  // Do not build again: other tests use the build now.
  await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  const [packed = ''] = (await readdir(folder)).filter(name => name.endsWith('.tgz'));
  await writeFile(join(folder, 'package.json'), '{"name":"empty","private":true}');
  await execa('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', join(folder, packed)], {
    cwd: folder,
  });
}, LIMIT_MS);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test(
  'npx signalbox demo --yes runs to a verified release',
  async () => {
    const { stdout } = await execa('npx', ['signalbox', 'demo', '--yes', '--json'], { cwd: folder });
    expect(JSON.parse(stdout.split('\n').at(-1) ?? '')).toMatchObject({
      type: 'result',
      stage: 'release-verified',
      figures: { branches: 1, pullRequests: 1, merges: 1, statusComments: 1 },
    });
  },
  LIMIT_MS,
);

test(
  'npx signalbox doctor names what is missing and exits with 1',
  async () => {
    const env = { GITHUB_TOKEN: '', GITHUB_API_URL: 'http://127.0.0.1:9' };
    const { exitCode, stdout } = await execa('npx', ['signalbox', 'doctor'], {
      cwd: folder,
      env,
      reject: false,
    });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/ok .*box: bubblewrap/);
    expect(stdout).toMatch(/fail .*GitHub: no GitHub credential/);
  },
  LIMIT_MS,
);
