/** Temporal's server, tools and Web UI, built from their sources. */
import { copyFile, cp } from 'node:fs/promises';
import path from 'node:path';
import { obtainTemporalServer } from '../../../../src/local/temporal-server/obtain.ts';
import { goModuleFolder, goProgram } from '../../../support/programs/go.ts';
import { versionOf } from './reference.ts';
import type { Context } from './table.ts';

const SERVER = 'go.temporal.io/server';
const UI = 'github.com/temporalio/ui-server/v2';

export async function addTemporalServer({ folder, tag }: Context): Promise<void> {
  const program = { name: 'temporal-server', pkg: `${SERVER}/cmd/server`, version: `v${versionOf(tag)}` };
  await copyFile(await goProgram(program), path.join(folder, 'temporal-server'));
}

export async function addAdminTools({ folder, tag }: Context): Promise<void> {
  const version = `v${versionOf(tag)}`;
  const tool = { name: 'temporal-sql-tool', pkg: `${SERVER}/cmd/tools/sql`, version };
  await copyFile(await goProgram(tool), path.join(folder, 'temporal-sql-tool'));
  await copyFile(await temporalCli(), path.join(folder, 'temporal'));
  await cp(path.join(await goModuleFolder(SERVER, version), 'schema'), path.join(folder, 'schema'), {
    recursive: true,
  });
}

export async function addTemporalUi({ folder, tag }: Context): Promise<void> {
  const version = `v${versionOf(tag)}`;
  const program = { name: 'temporal-ui-server', pkg: `${UI}/cmd/server`, version };
  await copyFile(await goProgram(program), path.join(folder, 'ui-server'));
  await copyFile(
    path.join(await goModuleFolder(UI, version), 'config/docker.yaml'),
    path.join(folder, 'docker.yaml'),
  );
}

async function temporalCli(): Promise<string> {
  const source = await obtainTemporalServer({ environment: { ...process.env, TEMPORAL_ADDRESS: '' } });
  if (source.kind === 'address') throw new Error('an address is no program');
  return source.path;
}
