/** Compose itself reads the file, without an engine: unknown keys, wrong types and missing settings end in one line. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { removeTree } from '../../src/host/remove-tree.ts';
import { composeProgram } from '../compose/support/compose-program.ts';
import { composeText, root } from './support/compose-file.ts';

const program = await composeProgram().catch((error: unknown) => error as Error);
const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-compose-'));
afterAll(() => removeTree(folder));

interface Answer {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** With this text of `.env`; no variable of this process is used. */
async function config(dotEnv: string, text: string, ...args: readonly string[]): Promise<Answer> {
  const envFile = path.join(folder, 'env');
  const file = path.join(folder, 'compose.yml');
  writeFileSync(envFile, dotEnv);
  writeFileSync(file, text);
  const asked = ['--project-directory', root, '--env-file', envFile, '-f', file, ...args];
  const ran = await execa(program as string, asked, { reject: false, extendEnv: false, timeout: 30_000 });
  return { exitCode: ran.exitCode, stdout: ran.stdout, stderr: ran.stderr };
}

const FILLED_IN = 'COMPOSE_PROFILES=default\nSIGNALBOX_REPOSITORIES=acme/profile-card\n';
const services = async (dotEnv: string, ...args: string[]): Promise<string[]> =>
  (await config(dotEnv, composeText, ...args, 'config', '--services')).stdout.split('\n');

const run = program instanceof Error ? describe.skip : describe;
run(
  `Compose${program instanceof Error ? ` (not here: ${program.message.split('\n')[0] ?? ''})` : ''}`,
  () => {
    test('accepts the file', async () => {
      expect(await config(FILLED_IN, composeText, 'config', '-q')).toMatchObject({ exitCode: 0, stderr: '' });
    });

    test.each([
      ['an unknown key', '  read_only: true', '  read_onyl: true'],
      ['a network that does not exist', 'networks: [database]', 'networks: [databas]'],
      ['a volume that does not exist', '- database:/var', '- databas:/var'],
    ])('refuses %s', async (_, text, instead) => {
      const copy = composeText.replace(text, instead);
      expect(copy).not.toBe(composeText);
      expect((await config(FILLED_IN, copy, 'config', '-q')).exitCode).not.toBe(0);
    });

    test('without settings the demo starts, and nothing of the default profile', async () => {
      const names = await services('', '--profile', 'demo');
      expect(names).toEqual(expect.arrayContaining(['temporal', 'demo-runner', 'demo-people']));
      expect(names).not.toContain('runner');
    });

    test('the settings of the example start the default profile, and nothing of the demo', async () => {
      const names = await services(FILLED_IN);
      expect(names).toEqual(expect.arrayContaining(['temporal', 'runner', 'source-relay']));
      expect(names.filter(name => name.startsWith('demo-'))).toEqual([]);
    });

    test('accepts the further settings of docs/compose.md, which leave the others as they are', async () => {
      const page = readFileSync(path.join(root, 'docs/compose.md'), 'utf8');
      const override = path.join(folder, 'compose.override.yml');
      writeFileSync(override, /```yaml\n(?<text>.*?)```/s.exec(page)?.groups?.['text'] ?? 'none');
      const { exitCode, stdout } = await config(FILLED_IN, composeText, '-f', override, 'config');
      expect(exitCode).toBe(0);
      const { scheduler } = (parse(stdout) as { services: Record<string, object> }).services;
      expect(scheduler).toMatchObject({
        environment: {
          HTTPS_PROXY: 'http://proxy.example:3128',
          SIGNALBOX_SIGNING_KEY_FILE: '/run/secrets/signing-key',
          GITHUB_TOKEN_FILE: '/run/secrets/github-token',
        },
        secrets: ['github-token', 'notify-url', 'signing-key'].map(source => ({ source })),
      });
    });

    test('an example that is not filled in ends with what to set', async () => {
      const answer = await config(
        'COMPOSE_PROFILES=default\nSIGNALBOX_REPOSITORIES=\n',
        composeText,
        'config',
        '-q',
      );
      expect(answer.exitCode).not.toBe(0);
      expect(answer.stderr).toContain(
        'SIGNALBOX_REPOSITORIES is missing a value: set it in .env to your repositories',
      );
    });

    test('with the override of a GitHub App the token is nowhere', async () => {
      const file = path.join(root, 'deploy/compose.github-app.yml');
      const { stdout } = await config(`${FILLED_IN}GITHUB_APP_ID=7\n`, composeText, '-f', file, 'config');
      expect(stdout).toContain('GITHUB_APP_PRIVATE_KEY_FILE: /run/secrets/github-app-key');
      expect(stdout).not.toMatch(/^ {6}GITHUB_TOKEN_FILE: \/run\/secrets/m);
    });
  },
);
