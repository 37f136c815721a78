/** What the runner's activities depend on: no credential that can write, and a box that was tested at start. */
import type { Logger } from 'pino';
import type { AgentAdapter } from '../../agents/adapter.ts';
import type { BoxTier } from '../../box/tier.ts';
import type { ModelGatewayClient } from '../../model-gateway/client.ts';
import type { Policy } from '../../domain/policy.ts';
import type { ChangePorts } from '../change.ts';
import type { SetUpHost } from './set-up-types.ts';

export interface RunnerPorts extends ChangePorts {
  readonly tier: BoxTier;
  readonly workspacesDir: string;
  readonly modelGateway: ModelGatewayClient;
  /** Returns the adapter that the policy names. If the host lacks it, throws what to install or set. */
  readonly adapterFor: (policy: Policy) => AgentAdapter;
  readonly setUp: SetUpHost;
  readonly logger: Logger;
}
