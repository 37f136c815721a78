/** What the runner's activities are given: no credential that can write, and a box that was tested at start. */
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
  /** The adapter that the policy names; throws what to install or set when the host lacks it. */
  readonly adapterFor: (policy: Policy) => AgentAdapter;
  readonly setUp: SetUpHost;
  readonly logger: Logger;
}
