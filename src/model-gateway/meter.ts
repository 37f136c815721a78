/** Reads the provider's event stream: forwards complete lines immediately, and estimates tokens until the provider counts them. */
import { estimatedTokens } from './budget.ts';
import type { TokenCounts } from './types.ts';

/** The limit of one event; a model's answer has no longer ones. */
const LINE_BYTES_MAX = 16 * 1024 * 1024;

const endTypes = ['response.completed', 'response.incomplete', 'response.failed'] as const;

export interface MeterReading {
  /** Complete lines, ready to be forwarded. */
  readonly ready: Buffer;
  /** Set once, by the event that ends the answer. */
  readonly ended?: StreamEnd;
  readonly tooLong: boolean;
}

export interface StreamEnd {
  readonly type: (typeof endTypes)[number];
  readonly tokens: TokenCounts | undefined;
  readonly errorCode: string | undefined;
  /** The answer reached `max_output_tokens`, which only the gateway sets. */
  readonly outOfTokens: boolean;
}

export class StreamMeter {
  #rest: Buffer = Buffer.alloc(0);
  #deltaBytes = 0;
  #itemBytes = 0;

  push(chunk: Buffer): MeterReading {
    const all = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = all.lastIndexOf(10) + 1;
    this.#rest = all.subarray(end);
    const ready = all.subarray(0, end);
    let ended: StreamEnd | undefined;
    for (const line of ready.toString('utf8').split('\n')) ended ??= this.#read(line);
    return { ready, tooLong: this.#rest.length > LINE_BYTES_MAX, ...(ended === undefined ? {} : { ended }) };
  }

  /** The incomplete last line of a stream that ends without a line break. */
  rest(): Buffer {
    return this.#rest;
  }

  /** Estimate for the output so far. It excludes hidden reasoning, which `max_output_tokens` bounds. */
  estimatedOutputTokens(): number {
    return estimatedTokens(Math.max(this.#deltaBytes, this.#itemBytes));
  }

  #read(line: string): StreamEnd | undefined {
    const event = line.startsWith('data:') ? parsed(line.slice(5)) : undefined;
    if (event === undefined) return undefined;
    if (typeof event['delta'] === 'string') this.#deltaBytes += Buffer.byteLength(event['delta']);
    if (event['type'] === 'response.output_item.done') this.#itemBytes += visibleBytes(event['item']);
    return endOf(event);
  }
}

function endOf(event: Readonly<Record<string, unknown>>): StreamEnd | undefined {
  const type = endTypes.find(name => name === event['type']);
  if (type === undefined) return undefined;
  const response = record(event['response']);
  const code = record(response?.['error'])?.['code'];
  return {
    type,
    tokens: tokensOf(record(response?.['usage'])),
    errorCode: typeof code === 'string' ? code : undefined,
    outOfTokens: record(response?.['incomplete_details'])?.['reason'] === 'max_output_tokens',
  };
}

function tokensOf(usage: Readonly<Record<string, unknown>> | undefined): TokenCounts | undefined {
  if (typeof usage?.['input_tokens'] !== 'number' || typeof usage['output_tokens'] !== 'number')
    return undefined;
  return {
    inputTokens: count(usage['input_tokens']),
    cachedInputTokens: count(record(usage['input_tokens_details'])?.['cached_tokens']),
    outputTokens: count(usage['output_tokens']),
    reasoningTokens: count(record(usage['output_tokens_details'])?.['reasoning_tokens']),
  };
}

function visibleBytes(value: unknown): number {
  const item = record(value);
  if (item === undefined) return 0;
  const texts = [
    item['arguments'],
    item['input'],
    ...(Array.isArray(item['content']) ? item['content'].map(part => record(part)?.['text']) : []),
  ];
  return texts.reduce<number>(
    (sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0),
    0,
  );
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.floor(value) : 0;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return record(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
