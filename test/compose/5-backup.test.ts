/** The commands that docs/backup.md gives for Docker Compose, on the stack whose issue was just verified. */
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { root } from '../../scripts/support/root.mjs';
import { inOwnFolder } from '../../src/host/own-folder.ts';
import { composeProgram } from './support/compose-program.ts';
import { containerOf } from './support/containers.ts';

const TIMEOUT_MS = 60_000;
const BLOCK = /With Docker Compose:\n\n```sh\n(?<commands>[^`]+)```/;

/** As the page has them, one on each line. */
async function commandsOfThePage(): Promise<readonly string[]> {
  const page = await readFile(path.join(root, 'docs/backup.md'), 'utf8');
  const commands = BLOCK.exec(page)?.groups?.['commands'] ?? '';
  return commands.split('\n').filter(line => line !== '');
}

test('they copy the issue, its index entry and its artifacts', async () => {
  const commands = await commandsOfThePage();
  expect(commands).toHaveLength(3);
  const program = await composeProgram();
  await inOwnFolder(path.join(tmpdir(), 'signalbox-backup-'), async folder => {
    for (const command of commands)
      await execa('sh', ['-c', command.replace(/^docker compose /, `"${program}" `)], {
        cwd: folder,
        env: { COMPOSE_PROFILES: 'demo' },
        timeout: TIMEOUT_MS,
        stdin: 'ignore',
      });
    expect(await tablesIn(path.join(folder, 'temporal.dump'))).toContain('history_node');
    expect(await tablesIn(path.join(folder, 'temporal_visibility.dump'))).toContain('executions_visibility');
    expect(await readdir(path.join(folder, 'artifacts/signalbox-demo'))).not.toEqual([]);
  });
});

/** The tables whose rows a dump has. */
async function tablesIn(dump: string): Promise<readonly string[]> {
  const restore = ['exec', '-i', await containerOf('postgresql'), 'pg_restore', '--list'];
  const listed = await execa('docker', restore, { inputFile: dump, timeout: TIMEOUT_MS });
  return [...listed.stdout.matchAll(/ TABLE DATA public (?<table>\S+)/g)].map(({ 1: table = '' }) => table);
}
