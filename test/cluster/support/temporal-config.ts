/** The configuration files of a Temporal cluster whose roles are separate processes. JSON is a subset of YAML. */
import { LOOPBACK } from '../../../src/local/ports.ts';
import { USER } from './postgresql.ts';

export const DATABASES = { main: 'temporal', visibility: 'temporal_visibility' } as const;

export type Role = 'frontend' | 'history' | 'matching' | 'worker';

export interface Ports {
  readonly grpc: number;
  readonly membership: number;
}

/** One process of the cluster. */
export interface Member {
  readonly role: Role;
  readonly name: string;
  readonly ports: Ports;
}

export interface ClusterFacts {
  readonly postgresql: { readonly port: number; readonly password: string };
  readonly frontend: string;
  readonly dynamicFile: string;
  readonly members: readonly Member[];
}

const SHARDS = 4;

/** Each process reads its own file: two of one role have different ports. A file has all roles, or it is refused. */
export function memberConfig(member: Member, facts: ClusterFacts): string {
  const store = (databaseName: string): object => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `${LOOPBACK}:${facts.postgresql.port}`,
      connectProtocol: 'tcp',
      user: USER,
      password: facts.postgresql.password,
      maxConns: 10,
      maxIdleConns: 10,
    },
  });
  return JSON.stringify({
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'main',
      visibilityStore: 'visibility',
      numHistoryShards: SHARDS,
      datastores: { main: store(DATABASES.main), visibility: store(DATABASES.visibility) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: LOOPBACK } },
    // The last of a role counts: its own.
    services: Object.fromEntries([...facts.members, member].map(serviceOf)),
    clusterMetadata: {
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: facts.frontend },
      },
    },
    publicClient: { hostPort: facts.frontend },
    dynamicConfigClient: { filepath: facts.dynamicFile, pollInterval: '10s' },
  });
}

function serviceOf({ role, ports }: Member): readonly [Role, object] {
  const rpc = { grpcPort: ports.grpc, membershipPort: ports.membership, bindOnIP: LOOPBACK };
  return [role, { rpc }];
}

/** As docs/temporal.md advises: fair between repositories, first in, first out. */
export function dynamicConfig(): string {
  const values = {
    'history.transferProcessorMaxPollRPS': 1_000,
    'matching.enableFairness': true,
    'matching.numTaskqueueReadPartitions': 1,
    'matching.numTaskqueueWritePartitions': 1,
  };
  return JSON.stringify(
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, [{ value, constraints: {} }]])),
  );
}
