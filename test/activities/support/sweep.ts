/**
 * Every request of an effect, with each fault once. After a fault that allows a retry, the effect must return the same fact
 * and leave the same things on GitHub; after any other fault it must fail with the exact name.
 */
import { describe, expect, test } from '@jest/globals';
import type { FaultRule } from '../../../simulator/github/control/faults.ts';
import type { Ended, Performed } from './perform.ts';
import { ownLogin, type SchedulerStage } from './stage.ts';

/** One effect on its own issue, ready to be performed. Its result must not contain the issue's own numbers and names. */
export interface Scene {
  readonly perform: () => Promise<Performed<unknown>>;
  /** What GitHub holds for it afterwards. */
  readonly remains: () => Promise<unknown>;
  /** Removes what would slow down the scenes that follow. */
  readonly clear?: () => void;
  /** Whose requests they are; absent: of our account. */
  readonly user?: string;
}

export type Arrange = () => Promise<Scene>;

type Fault = Omit<FaultRule, 'method' | 'path' | 'user' | 'skip'>;

/** After the first five it is unknown whether a write happened; after the others it did not happen. */
const troubles: readonly Fault[] = [
  { kind: 'execute-then-500' },
  { kind: 'execute-then-502' },
  { kind: 'execute-then-reset' },
  { kind: 'cut-body' },
  { kind: 'html-200' },
  { kind: 'reset-before' },
  { kind: 'fail-before', status: 503 },
  { kind: 'fail-before', status: 429 },
  { kind: 'rate-limit', retryAfterSeconds: 7 },
  { kind: 'secondary-limit', retryAfterSeconds: 9 },
  { kind: 'secondary-limit', retryAfterSeconds: null },
];

/** A failed read can simply be repeated: these faults represent the rest. */
const troublesOfReads: readonly Fault['kind'][] = ['cut-body', 'html-200', 'fail-before', 'rate-limit'];

const refusals: readonly (readonly [fault: Fault, failure: string])[] = [
  [{ kind: 'fail-before', status: 401 }, 'GitHubUnauthorized'],
  [{ kind: 'fail-before', status: 403 }, 'GitHubForbidden'],
  [{ kind: 'fail-before', status: 404 }, 'GitHubNotFound'],
  [{ kind: 'fail-before', status: 410 }, 'GitHubNotFound'],
  [{ kind: 'fail-before', status: 422 }, 'GitHubInvalid'],
  [{ kind: 'fail-before', status: 451 }, 'GitHubForbidden'],
  [{ kind: 'redirect' }, 'GitHubMoved'],
];

function nameOf({ kind, ...rest }: Fault): string {
  return [kind, ...Object.entries(rest).map(([key, value]) => `${key} ${String(value)}`)].join(', ');
}

export interface SweepInput {
  readonly effect: string;
  readonly stage: () => SchedulerStage;
  readonly arrange: Arrange;
  /** Refusals that are a result here: maps `404 GET /repos/{owner}/{repo}/git/ref/{ref}` to how the effect then ends. */
  readonly answers?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The tests of one effect: each fault at each of its requests. */
export function testFaults({ effect, stage, arrange, answers = {} }: SweepInput): void {
  let known: Promise<Clean> | undefined;
  const clean = () => (known ??= performClean(stage(), arrange));
  const named = (faults: readonly Fault[]) => faults.map(fault => [nameOf(fault), fault] as const);

  describe(`${effect}, with a fault at each of its requests`, () => {
    test.each(named(troubles))('has the same result after %s', async (_, fault) => {
      const { requests, ended, remains } = await clean();
      expect(ended).toHaveProperty('fact');
      expect(requests).not.toEqual([]);
      const hit = ({ method }: Place) => method !== 'GET' || troublesOfReads.includes(fault.kind);
      for (const place of requests.filter(hit)) {
        const swept = await performHit(stage(), arrange, { ...fault, ...place });
        expect({ place, ...swept }).toEqual({ place, ended, remains, hits: 1, waits: waitsFor(fault) });
      }
    });

    test.each(refusals.map(([fault, failure]) => [nameOf(fault), failure, fault] as const))(
      'after %s ends as %s',
      async (_, failure, fault) => {
        const { requests } = await clean();
        for (const place of requests) {
          const { ended, hits } = await performHit(stage(), arrange, { ...fault, ...place });
          const expected = answers[`${fault.status ?? 301} ${place.method} ${place.path}`] ?? { failure };
          expect({ place, ended, hits }).toMatchObject({ place, ended: expected, hits: 1 });
        }
      },
    );
  });
}

/** How long Temporal must wait: what GitHub says, or a minute when GitHub only says that there were too many requests. */
function waitsFor({ kind, status, retryAfterSeconds }: Fault): readonly (number | string)[] {
  if (kind === 'rate-limit') return ['about 7000'];
  if (kind === 'secondary-limit') return [retryAfterSeconds === null ? 60_000 : 9_000];
  return status === 429 ? [60_000] : [];
}

interface Clean {
  readonly requests: readonly Place[];
  readonly ended: Ended<unknown>;
  readonly remains: unknown;
}

interface Place {
  readonly method: string;
  readonly path: string;
  /** The number of identical requests before it. */
  readonly skip: number;
}

async function performClean({ simulator }: SchedulerStage, arrange: Arrange): Promise<Clean> {
  const scene = await arrange();
  const before = simulator.requests.entries.length;
  const { ended } = await scene.perform();
  const sent = simulator.requests.entries
    .slice(before)
    .filter(({ user }) => user === (scene.user ?? ownLogin));
  const requests = sent.map(({ method, route: path }, index) => ({
    method,
    path,
    skip: sent.slice(0, index).filter(other => other.method === method && other.route === path).length,
  }));
  const remains = await scene.remains();
  scene.clear?.();
  return { requests, ended, remains };
}

async function performHit({ simulator }: SchedulerStage, arrange: Arrange, rule: FaultRule) {
  const scene = await arrange();
  const armed = simulator.admin.faults.add({ ...rule, user: scene.user ?? ownLogin });
  const { ended, repeated } = await scene.perform();
  armed.remove();
  const waits = repeated.flatMap(({ waitMs }) => (waitMs === undefined ? [] : [roughly(waitMs)]));
  const remains = await scene.remains();
  scene.clear?.();
  return { ended, waits, remains, hits: armed.hits() };
}

/** Allows for a reset time in whole seconds. */
function roughly(waitMs: number): number | string {
  return waitMs > 5_000 && waitMs <= 8_000 ? 'about 7000' : waitMs;
}
