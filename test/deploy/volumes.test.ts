/** The folder of the model gateway is in memory, so its size is fixed: it also holds the record of every request and all budgets. */
import { expect, test } from '@jest/globals';
import type { RequestRecord } from '../../src/model-gateway/log.ts';
import { compose } from './support/compose-file.ts';

/** As long as a record gets. */
const RECORD: RequestRecord = {
  at: new Date(0).toISOString(),
  ...{ runId: `${'o'.repeat(39)}-${'r'.repeat(50)}-12345-g10-a10`, request: 1_000, model: 'm'.repeat(40) },
  ...{ status: 200, upstreamStatus: 200, upstreamRequestId: 'r'.repeat(40), problem: null, detail: null },
  ...{ inputTokens: 100_000, cachedInputTokens: 100_000, outputTokens: 100_000, reasoningTokens: 100_000 },
  ...{ estimated: false, costUsd: 0.123456789, bytesIn: 1_000_000, bytesOut: 1_000_000 },
  ...{ firstByteMs: 10_000, durationMs: 100_000 },
};
const REQUESTS_MIN = 50_000;
/** 500 closed runs of at most 1 kB, and the new file beside the old one. */
const STATE_BYTES = 2 * 500 * 1_000;

test.each(['model-gateway', 'demo-model-gateway'])('%s can work for months', name => {
  const { driver_opts: options } = compose.volumes[name] as { readonly driver_opts: { readonly o: string } };
  const megabytes = Number(/(?:^|,)size=(\d+)m(?:,|$)/.exec(options.o)?.[1]);
  const needed = STATE_BYTES + REQUESTS_MIN * (JSON.stringify(RECORD).length + 1);
  expect(megabytes * 1024 ** 2).toBeGreaterThan(needed);
  expect(options.o).toContain('mode=0750');
});
