/** Counts webhooks by outcome, in Prometheus' text format. */
export type WebhookOutcome =
  | 'handed-over'
  | 'duplicate'
  | 'nothing-to-do'
  | 'too-large'
  | 'crowded-out'
  | 'broken-off'
  | 'bad-signature'
  | 'bad-request'
  | 'wrong-content-type'
  | 'hand-over-failed';

export interface WebhookCounters {
  count(outcome: WebhookOutcome): void;
  text(): string;
}

/** `bodyBytes` is what unfinished bodies use now. */
export function createWebhookCounters(bodyBytes: () => number): WebhookCounters {
  const counts = new Map<WebhookOutcome, number>();
  return {
    count: outcome => void counts.set(outcome, (counts.get(outcome) ?? 0) + 1),
    text: () => {
      const lines = [...counts]
        .sort()
        .map(([outcome, n]) => `signalbox_webhooks_total{outcome="${outcome}"} ${n}`);
      const head = [
        '# HELP signalbox_webhooks_total Webhooks received, by outcome.',
        '# TYPE signalbox_webhooks_total counter',
      ];
      const gauge = [
        '# HELP signalbox_webhook_body_bytes Bytes of webhooks that are not completely received yet.',
        '# TYPE signalbox_webhook_body_bytes gauge',
        `signalbox_webhook_body_bytes ${bodyBytes()}`,
      ];
      return `${[...head, ...lines, ...gauge].join('\n')}\n`;
    },
  };
}
