/** Kills processes with SIGKILL at random times until the issue has ended. The same seed gives the same times. */
import type { Supervisor } from '../src/local/supervisor.ts';

const VICTIMS = ['scheduler', 'runner', 'model-gateway', 'temporal'] as const;

/** Pauses between kills. They are short, so that even a short run is hit. */
const PAUSE_MS_MIN = 250;
const PAUSE_MS_SPREAD = 900;
/** No more kills after this number, so that the issue can reach its end. */
const KILLS_MAX = 12;

export interface Chaos {
  readonly kills: () => number;
  readonly stop: () => void;
}

export interface ChaosInput {
  readonly supervisor: Supervisor;
  readonly seed: number;
  readonly onKill: (victim: string, pid: number) => void;
}

export function startChaos({ supervisor, seed, onKill }: ChaosInput): Chaos {
  const random = mulberry32(seed);
  let kills = 0;
  let timer: NodeJS.Timeout | undefined;
  const strike = (): void => {
    // Kill every process once before any of them a second time, in an order that depends on the seed.
    const victim = pick(kills);
    const pid = supervisor.kill(victim, 'SIGKILL');
    if (pid !== undefined) {
      kills += 1;
      onKill(victim, pid);
    }
    schedule();
  };
  let order: string[] = [];
  const pick = (count: number): string => {
    if (count % VICTIMS.length === 0 || order.length === 0) order = shuffled([...VICTIMS], random);
    return order[count % VICTIMS.length] ?? 'scheduler';
  };
  const schedule = (): void => {
    if (kills < KILLS_MAX) timer = setTimeout(strike, PAUSE_MS_MIN + random() * PAUSE_MS_SPREAD);
  };
  schedule();
  return { kills: () => kills, stop: () => clearTimeout(timer) };
}

/** A small generator with a 32-bit seed (Mulberry32, public domain); good enough for random times. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled(items: string[], random: () => number): string[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other] ?? '', items[last] ?? ''];
  }
  return items;
}
