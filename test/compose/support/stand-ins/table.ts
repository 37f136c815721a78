/** The public images that can be made here, and what each needs besides its folder. */
import { majorOf } from './reference.ts';
import { addBase } from './base.ts';
import { addNode } from './node.ts';
import { addPostgres, BIN_IN_IMAGE } from './postgres.ts';
import { addAdminTools, addTemporalServer, addTemporalUi } from './temporal.ts';
import { addVersitygw } from './versitygw.ts';

export interface Context {
  /** The build context. */
  readonly folder: string;
  /** Of the wanted image. */
  readonly tag: string;
}

export interface StandIn {
  /** Its Dockerfile is in the folder of this name here. */
  readonly folder: string;
  /** Adds the files that the Dockerfile copies. */
  readonly add: (context: Context) => Promise<void>;
  readonly buildArgs?: (tag: string) => Readonly<Record<string, string>>;
}

/** What every other stand-in is made from. */
export const BASE = 'debian:bookworm-slim';

export const STAND_INS: Readonly<Record<string, StandIn>> = {
  debian: { folder: 'debian', add: addBase },
  node: { folder: 'node', add: addNode },
  postgres: {
    folder: 'postgres',
    add: addPostgres,
    buildArgs: tag => ({ MAJOR: majorOf(tag), BIN: BIN_IN_IMAGE }),
  },
  'temporalio/server': { folder: 'temporal-server', add: addTemporalServer },
  'temporalio/admin-tools': { folder: 'temporal-admin-tools', add: addAdminTools },
  'temporalio/ui': { folder: 'temporal-ui', add: addTemporalUi },
  'ghcr.io/versity/versitygw': { folder: 'versitygw', add: addVersitygw },
};
