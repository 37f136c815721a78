/** Counts what the model gateway sends, charges and refuses. */
import type { ModelObserver } from '../model-gateway/server.ts';
import type { ModelGatewayClient } from '../model-gateway/client.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Signals } from '../telemetry/signals.ts';

export function modelObserver(metrics: Metrics): ModelObserver {
  return {
    onRequest: record => {
      const { model, problem, costUsd } = record;
      metrics.add('signalbox_model_requests_total', { model, outcome: problem ?? 'ok' });
      metrics.add('signalbox_model_cost_usd_total', { model }, costUsd);
      const tokens = {
        input: record.inputTokens,
        cached: record.cachedInputTokens,
        output: record.outputTokens,
        reasoning: record.reasoningTokens,
      };
      for (const [kind, count] of Object.entries(tokens))
        metrics.add('signalbox_model_tokens_total', { model, kind }, count);
    },
    onRefusal: problem => metrics.add('signalbox_model_refusals_total', { problem }),
  };
}

/** Asks over the control socket itself, as a runner does. */
export function watchControlSocket(
  { health, metrics }: Pick<Signals, 'health' | 'metrics'>,
  control: Pick<ModelGatewayClient, 'health'>,
): void {
  health.watch('control socket', async () => {
    await control.health();
    return undefined;
  });
  metrics.beforeText(async () => {
    metrics.set('signalbox_model_open_runs', {}, (await control.health()).openRuns);
  });
}
