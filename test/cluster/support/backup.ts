/** A backup and its restore, with the commands of docs/backup.md. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copyBucket } from './bucket.ts';
import type { PostgreSql } from './postgresql.ts';
import { DATABASES } from './temporal-config.ts';
import type { S3Server } from '../../support/s3-server.ts';

const NAMES = Object.values(DATABASES);

export interface BackupInput {
  readonly postgresql: PostgreSql;
  readonly bucket: S3Server;
  /** For the dumps; made here. */
  readonly folder: string;
  readonly copy: S3Server;
}

/** The databases first, then the bucket: what the databases name is in the bucket by then. */
export async function backUp({ postgresql, bucket, folder, copy }: BackupInput): Promise<void> {
  await mkdir(folder);
  for (const name of NAMES)
    await postgresql.tool('pg_dump', '--format=custom', `--file=${dumpOf(folder, name)}`, name);
  await copyBucket(bucket, copy);
}

/** For a new, empty PostgreSQL server, before Temporal starts. */
export async function restoreDatabases(postgresql: PostgreSql, folder: string): Promise<void> {
  for (const name of NAMES)
    await postgresql.tool(
      'pg_restore',
      '--create',
      '--exit-on-error',
      '--dbname=postgres',
      dumpOf(folder, name),
    );
}

function dumpOf(folder: string, name: string): string {
  return join(folder, `${name}.dump`);
}
