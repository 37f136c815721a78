/** The S3 server, built from its source. */
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { goModuleFolder, goProgram } from '../../../support/programs/go.ts';
import { versionOf } from './reference.ts';
import type { Context } from './table.ts';

const MODULE = 'github.com/versity/versitygw';

export async function addVersitygw({ folder, tag }: Context): Promise<void> {
  const version = `v${versionOf(tag)}`;
  const program = { name: 'versitygw', pkg: `${MODULE}/cmd/versitygw`, version };
  await copyFile(await goProgram(program), path.join(folder, 'versitygw'));
  const entrypoint = path.join(await goModuleFolder(MODULE, version), 'docker-entrypoint.sh');
  await copyFile(entrypoint, path.join(folder, 'docker-entrypoint.sh'));
}
