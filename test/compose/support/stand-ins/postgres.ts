/** PostgreSQL from the wheel that the cluster's tests use too. Its programs find their libraries relative to themselves. */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { POSTGRESQL_BIN, postgresqlFolder } from '../../../support/programs/postgresql.ts';
import type { Context } from './table.ts';

export async function addPostgres({ folder }: Context): Promise<void> {
  await cp(await postgresqlFolder(), path.join(folder, 'wheel'), { recursive: true });
}

/** The folder of its programs in the image. */
export const BIN_IN_IMAGE = path.join('/usr/local/postgresql', POSTGRESQL_BIN);
