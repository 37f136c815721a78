/** Stops a request at an exact point, before its execution or before its reply, until it is released. */
import { matches, type Matcher, type Target } from './matcher.ts';

export type HoldPhase = 'before' | 'after';

export interface Hold {
  /** Resolves when a request waits at the point. */
  readonly reached: Promise<Target>;
  /** Continues the request. If it was held `before` and its client has died, it is executed only with `evenIfGone`. */
  readonly release: (options?: { evenIfGone?: boolean }) => void;
  /** Ends the connection instead; held `before`, the request is never executed. */
  readonly drop: () => void;
}

export type Passage = 'go' | 'go-even-if-gone' | 'drop';

export interface Holds {
  readonly hold: (matcher: Matcher, phase: HoldPhase) => Hold;
  readonly pass: (phase: HoldPhase, target: Target) => Promise<Passage>;
  readonly releaseAll: () => void;
}

interface Armed {
  readonly matcher: Matcher;
  readonly phase: HoldPhase;
  readonly arrive: (target: Target) => void;
  readonly passage: Promise<Passage>;
  readonly open: (passage: Passage) => void;
}

export function createHolds(): Holds {
  const waiting = new Set<Armed>();
  const all = new Set<Armed>();
  const hold = (matcher: Matcher, phase: HoldPhase): Hold => {
    const reached = withResolvers<Target>();
    const passage = withResolvers<Passage>();
    const armed: Armed = {
      matcher,
      phase,
      arrive: reached.resolve,
      passage: passage.promise,
      open: passage.resolve,
    };
    waiting.add(armed);
    all.add(armed);
    return {
      reached: reached.promise,
      release: options => armed.open(options?.evenIfGone === true ? 'go-even-if-gone' : 'go'),
      drop: () => armed.open('drop'),
    };
  };
  const pass = async (phase: HoldPhase, target: Target): Promise<Passage> => {
    const armed = [...waiting].find(one => one.phase === phase && matches(one.matcher, target));
    if (armed === undefined) return 'go';
    waiting.delete(armed);
    armed.arrive(target);
    const passage = await armed.passage;
    all.delete(armed);
    await polled();
    return passage;
  };
  const releaseAll = (): void => {
    waiting.clear();
    for (const armed of all) armed.open('drop');
  };
  return { hold, pass, releaseAll };
}

/** Two turns of the event loop, enough to notice a client that died before the release. */
async function polled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(resolve => setImmediate(resolve));
}

/** Node 20 has no Promise.withResolvers. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>(settle => (resolve = settle));
  return { promise, resolve };
}
