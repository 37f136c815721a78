/**
 * Registrations and their usage, in a file of mode 0600, so that a killed gateway continues with the same sockets,
 * tokens (stored as hashes) and counts. Requests that were in flight at the kill are charged by estimate.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { MODEL_ALLOWANCES } from '../domain/policy.ts';
import { costUsd, type PriceTable } from './prices.ts';
import {
  modelProblems,
  NO_USAGE,
  noTokens,
  type ModelProblem,
  type Registration,
  type RunUsage,
  type TokenCounts,
} from './types.ts';

/** The number of closed runs to keep, so that repeated calls return the same answer. */
const CLOSED_RUNS_MAX = 500;

const countsSchema = z.object({
  inputTokens: z.number(),
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  reasoningTokens: z.number(),
});

const runSchema = countsSchema.extend({
  runId: z.string(),
  model: z.string(),
  limits: z.object({ tokensMax: z.number(), costUsdMax: z.number().nullable(), requestsMax: z.number() }),
  /** Older state files do not have this field. */
  allowed: z.array(z.enum(MODEL_ALLOWANCES)).default([]),
  /** The name of the run's directory: random, unrelated to the run's id. */
  place: z.string(),
  tokenHash: z.string(),
  requests: z.number(),
  refusals: z.number(),
  estimatedRequests: z.number(),
  costUsd: z.number(),
  overBudget: z.boolean(),
  lastProblem: z.enum(modelProblems).nullable(),
  /** Older state files do not have this field. */
  retryAt: z.number().nullable().default(null),
  open: z.boolean(),
  /** The estimated tokens of each unfinished request; the output count is updated in memory only. */
  inFlight: z.record(z.string(), z.object({ inputTokens: z.number(), outputTokens: z.number() })),
});

const stateSchema = z.object({ version: z.literal(1), runs: z.array(runSchema) });

export type Run = z.infer<typeof runSchema>;

export interface Settled {
  readonly tokens: TokenCounts;
  readonly estimated: boolean;
}

export class Ledger {
  readonly #path: string;
  readonly #prices: PriceTable;
  readonly #runs: Map<string, Run>;

  constructor(path: string, prices: PriceTable) {
    this.#path = path;
    this.#prices = prices;
    this.#runs = new Map(readRuns(path).map(run => [run.runId, run]));
    for (const run of this.#runs.values()) this.#chargeLostRequests(run);
    this.#save();
  }

  openRuns(): readonly Run[] {
    return [...this.#runs.values()].filter(run => run.open);
  }

  find(runId: string): Run | undefined {
    return this.#runs.get(runId);
  }

  /** An open run gets a new token and keeps its counts; the old token is no longer valid. */
  open(registration: Registration): { readonly run: Run; readonly token: string } {
    const token = `run_${randomBytes(32).toString('base64url')}`;
    const known = this.#runs.get(registration.runId);
    const run: Run = known ?? newRun(registration);
    run.tokenHash = hashOf(token);
    this.#runs.set(run.runId, run);
    this.#save();
    return { run, token };
  }

  close(runId: string): Run | undefined {
    const run = this.#runs.get(runId);
    if (run?.open === true) {
      run.open = false;
      run.tokenHash = '';
      this.#forgetOldest();
      this.#save();
    }
    return run;
  }

  holdsToken(run: Run, token: string): boolean {
    return run.open && timingSafeEqual(Buffer.from(hashOf(token)), Buffer.from(run.tokenHash));
  }

  /** Records a request before it is sent. */
  begin(run: Run, inputTokens: number): string {
    run.requests += 1;
    const id = String(run.requests);
    run.inFlight[id] = { inputTokens, outputTokens: 0 };
    this.#save();
    return id;
  }

  settle(run: Run, id: string, { tokens, estimated }: Settled): number {
    if (run.inFlight[id] === undefined) return 0;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a record, because it is stored as JSON
    delete run.inFlight[id];
    const cost = this.#charge(run, tokens);
    if (estimated) run.estimatedRequests += 1;
    else Object.assign(run, { lastProblem: null, retryAt: null });
    this.#save();
    return cost;
  }

  note(run: Run, problem: ModelProblem, retryAfterMs?: number): void {
    run.lastProblem = problem;
    run.retryAt = retryAfterMs === undefined ? null : Date.now() + retryAfterMs;
    if (problem === 'over-budget') run.overBudget = true;
    if (problem === 'over-budget' || problem === 'refused') run.refusals += 1;
    this.#save();
  }

  #charge(run: Run, tokens: TokenCounts): number {
    const cost = costUsd(tokens, run.model, this.#prices);
    run.inputTokens += tokens.inputTokens;
    run.cachedInputTokens += tokens.cachedInputTokens;
    run.outputTokens += tokens.outputTokens;
    run.reasoningTokens += tokens.reasoningTokens;
    run.costUsd += cost;
    return cost;
  }

  #chargeLostRequests(run: Run): void {
    for (const estimated of Object.values(run.inFlight)) {
      this.#charge(run, { ...noTokens, ...estimated });
      run.estimatedRequests += 1;
      run.lastProblem = 'stream-cut';
    }
    run.inFlight = {};
  }

  #forgetOldest(): void {
    const closed = [...this.#runs.values()].filter(run => !run.open);
    for (const run of closed.slice(0, Math.max(0, closed.length - CLOSED_RUNS_MAX)))
      this.#runs.delete(run.runId);
  }

  /** The rename is atomic: a kill during the write leaves the old state. */
  #save(): void {
    const next = `${this.#path}.next`;
    writeFileSync(next, JSON.stringify({ version: 1, runs: [...this.#runs.values()] }), { mode: 0o600 });
    renameSync(next, this.#path);
  }
}

/** The part of a run's record that the runner gets. */
export function usageOf(run: Run): RunUsage {
  return {
    runId: run.runId,
    model: run.model,
    requests: run.requests,
    refusals: run.refusals,
    estimatedRequests: run.estimatedRequests,
    inputTokens: run.inputTokens,
    cachedInputTokens: run.cachedInputTokens,
    outputTokens: run.outputTokens,
    reasoningTokens: run.reasoningTokens,
    costUsd: run.costUsd,
    overBudget: run.overBudget,
    lastProblem: run.lastProblem,
    retryAt: run.retryAt,
    open: run.open,
  };
}

function newRun({ runId, model, limits, allowed = [] }: Registration): Run {
  return {
    runId,
    model,
    limits: { ...limits },
    allowed: [...allowed],
    place: randomBytes(9).toString('hex'),
    tokenHash: '',
    ...NO_USAGE,
    open: true,
    inFlight: {},
  };
}

function readRuns(path: string): readonly Run[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return stateSchema.parse(JSON.parse(text)).runs;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
