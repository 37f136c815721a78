/** What is wrong with this process now, asked from the parts that know: each gives a cause, or nothing while it works. */
import { errorText } from '../host/error-text.ts';
import { inTime, LATE } from '../host/wait.ts';

/** Resolves to one line that says what is wrong, or to nothing. */
export type HealthCheck = () => Promise<string | undefined> | string | undefined;

export interface Health {
  /** A later check of the same name replaces the earlier one. */
  watch(name: string, check: HealthCheck): void;
  /** One line for each part that does not work; empty when the process is healthy. */
  causes(): Promise<readonly string[]>;
}

export interface HealthLimits {
  /** A check without an answer after this time counts as failed. */
  readonly checkTimeoutMs: number;
  /** How long an answer is used again: asking often must cost nothing. */
  readonly keptMs: number;
}

const LIMITS: HealthLimits = { checkTimeoutMs: 2_000, keptMs: 1_000 };
const CAUSE_CHARS_MAX = 300;

export function createHealth(limits: HealthLimits = LIMITS): Health {
  const checks = new Map<string, HealthCheck>();
  let kept: { readonly at: number; readonly causes: Promise<readonly string[]> } | undefined;
  const ask = async (): Promise<readonly string[]> => {
    const asked = [...checks].map(async ([name, check]) => lineOf(name, await outcome(check, limits)));
    return (await Promise.all(asked)).flatMap(line => line ?? []);
  };
  return {
    watch(name, check) {
      checks.set(name, check);
      kept = undefined;
    },
    causes() {
      const now = performance.now();
      if (kept === undefined || now - kept.at >= limits.keptMs) kept = { at: now, causes: ask() };
      return kept.causes;
    },
  };
}

function lineOf(name: string, cause: string | undefined): string | undefined {
  if (cause === undefined) return undefined;
  return `${name}: ${cause.replaceAll(UNPRINTED, ' ').trim().slice(0, CAUSE_CHARS_MAX)}`;
}

/** Also what a terminal would obey: a cause may repeat what a server said. */
const UNPRINTED = /[\s\p{Cc}\p{Cf}]+/gu;

/** A check that throws has found a problem too. */
async function outcome(check: HealthCheck, { checkTimeoutMs }: HealthLimits): Promise<string | undefined> {
  try {
    const cause = await inTime(Promise.resolve().then(check), checkTimeoutMs);
    return cause === LATE ? `no answer within ${checkTimeoutMs} ms` : cause;
  } catch (error) {
    return errorText(error);
  }
}
