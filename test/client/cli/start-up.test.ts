/** What a start of the program loads: its help waits for no client of Temporal or GitHub. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { expect, test } from '@jest/globals';

/** Writes each package that is imported to standard error. */
const HOOKS = `export async function resolve(name, context, next) {
  if (/^@?[a-z]/.test(name) && !name.startsWith('node:')) process._rawDebug('loads ' + name);
  return next(name, context);
}`;
const asModule = (code: string): string =>
  `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
const REGISTER = `import { register } from 'node:module'; register('${asModule(HOOKS)}')`;

function loadedBy(...args: readonly string[]): string {
  const flags = ['--no-warnings', '--import', asModule(REGISTER), 'bin/signalbox.js'];
  const { status, stderr } = spawnSync(process.execPath, [...flags, ...args], { encoding: 'utf8' });
  expect(status).toBe(0);
  return stderr;
}

test('the help of all commands loads neither a client of Temporal nor one of GitHub; a command loads its own', () => {
  const clients = /@temporalio|@octokit|execa/;
  const help = loadedBy('--help');
  expect(help).toContain('loads commander');
  expect(help).not.toMatch(clients);
  expect(loadedBy('show', '--help')).toMatch(clients);
});
