/** A run's access to the model: registered at the model gateway with its budget, closed and settled when the run ends. */
import type { AgentModel } from '../../agents/adapter.ts';
import { keepSocketForBox } from '../../model-gateway/socket-guard.ts';
import { NO_USAGE, type RunUsage } from '../../model-gateway/types.ts';
import type { Policy } from '../../domain/policy.ts';
import type { RunnerPorts } from './ports.ts';

/** Where the relay in the box listens; see box/inside/relay.mjs. */
const BASE_URL_IN_BOX = 'http://127.0.0.1:8080/v1';
/** Also ends a loop of requests that cost nothing. */
const REQUESTS_MAX = 2_000;

export interface ModelAccess {
  readonly agent: AgentModel;
  readonly socketPath: string;
  /** Ends requests in flight and returns the final usage. */
  readonly settle: () => Promise<RunUsage>;
}

export interface ModelPlan {
  readonly runName: string;
  readonly policy: Policy;
  readonly costUsdMax: number;
  /** If false, nothing is registered and the run cannot reach any model. */
  readonly needed: boolean;
}

export async function withModel<T>(
  ports: RunnerPorts,
  plan: ModelPlan,
  use: (model: ModelAccess) => Promise<T>,
): Promise<T> {
  const { runName: runId, policy } = plan;
  if (!plan.needed) return await use(noModel(runId, policy.agent.model));
  const { token, socketPath } = await ports.modelGateway.register({
    runId,
    model: policy.agent.model,
    limits: { tokensMax: policy.limits.tokensMax, costUsdMax: plan.costUsdMax, requestsMax: REQUESTS_MAX },
    ...(policy.agent.modelMay === undefined ? {} : { allowed: policy.agent.modelMay }),
  });
  const settle = (): Promise<RunUsage> => ports.modelGateway.close(runId);
  try {
    await keepSocketForBox(socketPath, ports.tier.boxUid);
    return await use({
      agent: { name: policy.agent.model, baseUrl: BASE_URL_IN_BOX, token },
      socketPath,
      settle,
    });
  } finally {
    await settle();
  }
}

function noModel(runId: string, model: string): ModelAccess {
  const usage: RunUsage = {
    runId,
    model,
    ...NO_USAGE,
    open: false,
  };
  return {
    agent: { name: model, baseUrl: BASE_URL_IN_BOX, token: '' },
    socketPath: '',
    settle: () => Promise.resolve(usage),
  };
}
