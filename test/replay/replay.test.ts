/** Kept histories of real lives through the code as it is now: the same commands, or an open issue would be stuck. */
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { GATES } from '../../src/domain/decision.ts';
import { OTHER_ENDS, STAGES } from '../../src/domain/stage.ts';
import { RUNGS } from '../../src/domain/state/people.ts';
import { installQuietRuntime } from '../client/temporal/quiet-runtime.ts';
import { SCENES } from './scenes.ts';
import { bundleOf, type Mutation } from './support/bundle.ts';
import { historyFile, HISTORIES } from './support/record.ts';

/** Histories of builds before a change of the rules, each with the change: issues of their time keep the code of their time. */
const OLDER: Readonly<Record<string, string>> = {};

const KEPT = readdirSync(HISTORIES)
  .filter(file => file.endsWith('.json'))
  .map(file => file.slice(0, -'.json'.length))
  .sort();
const NAMES = KEPT.filter(name => OLDER[name] === undefined);

let bundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  installQuietRuntime();
  bundle = await bundleOf();
}, 120_000);

const historyOf = (name: string): object => JSON.parse(readFileSync(historyFile(name), 'utf8')) as object;

/** The error of a replay, if it has one. */
async function replay(name: string, workflowBundle: WorkflowBundleWithSourceMap): Promise<unknown> {
  try {
    await Worker.runReplayHistory({ workflowBundle }, historyOf(name));
    return undefined;
  } catch (error) {
    return error;
  }
}

test.each(NAMES)('%s replays', async name => {
  expect(await replay(name, bundle)).toBeUndefined();
});

test('what is said to need an older build does, and is kept', async () => {
  for (const name of Object.keys(OLDER)) {
    expect(KEPT).toContain(name);
    expect(await replay(name, bundle)).toBeInstanceOf(DeterminismViolationError);
  }
});

describe('what is kept', () => {
  test('is one history for each scene, and no other', () => {
    expect(NAMES).toEqual(Object.keys(SCENES).sort());
  });

  test('covers every stage, every gate, every hold, every rung and a new run with the old one’s state', () => {
    const seen = (name: string) => new Set(NAMES.flatMap(history => published(historyOf(history), name)));
    expect([...seen('Stage')].sort()).toEqual([...STAGES, ...OTHER_ENDS].sort());
    const holds = [...GATES.map(gate => `gate:${gate}`), 'blocked', 'escalated', 'paused', 'delayed', 'none'];
    expect([...seen('Hold')].sort()).toEqual(holds.sort());
    const rungs = NAMES.flatMap(name => viewsIn(historyOf(name)).map(({ rung }) => rung));
    expect([...new Set(rungs)].filter(rung => rung !== null).sort()).toEqual([...RUNGS].sort());
    const types = (name: string): readonly string[] =>
      eventsOf(historyOf(name)).map(event => event.eventType);
    expect(types('continued-before')).toContain('EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW');
    const [started] = eventsOf(historyOf('continued-after'));
    expect(JSON.stringify(started)).toContain('"continuedExecutionRunId":"');
  });

  test('says nothing of the machine it was recorded on', () => {
    for (const name of KEPT) {
      const text = decoded(historyOf(name));
      expect(text).not.toMatch(/\/(tmp|home|root|work|Users)\//);
      expect(text).not.toContain(hostname());
    }
  });
});

/** Each makes other commands of a life that is open: each would leave issues stuck, and each must be found. */
const INCOMPATIBLE: Readonly<Record<string, readonly [string, Mutation]>> = {
  'a rule that is asked in another order': [
    'every-gate-to-release-verified',
    { file: 'src/domain/next-step.ts', from: '  started,\n  claimed,\n', to: '  claimed,\n  started,\n' },
  ],
  'an effect that is not done any more': [
    'every-gate-to-release-verified',
    {
      file: 'src/domain/next-step-publish.ts',
      from: 'if (state.verification?.commit !== commit) return effect(',
      to: "if (state.verification?.commit === '') return effect(",
    },
  ],
  'a ladder without its timers': [
    'rejected-reworked-and-parked',
    {
      file: 'src/domain/lanes.ts',
      from: "const until = 'until' in step ? step.until : undefined;",
      to: 'const until = undefined as number | undefined;',
    },
  ],
};

test.each(Object.entries(INCOMPATIBLE))(
  '%s is found',
  async (_what, [name, mutation]) => {
    expect(await replay(name, await bundleOf(mutation))).toBeInstanceOf(DeterminismViolationError);
  },
  60_000,
);

test('a change of words alone is none: the copy that finds those three replays everything', async () => {
  const words = { file: 'src/domain/hold.ts', from: "'/resume or /cancel'", to: "'say /resume or /cancel'" };
  const copy = await bundleOf(words);
  for (const name of NAMES) expect([name, await replay(name, copy)]).toEqual([name, undefined]);
}, 60_000);

interface KeptEvent {
  readonly eventType: string;
}

function eventsOf(history: object): readonly KeptEvent[] {
  return (history as { readonly events: readonly KeptEvent[] }).events;
}

interface Kept {
  readonly data?: string;
}

/** The values that this search attribute had. */
function published(history: object, name: string): readonly unknown[] {
  const fields = found(history, 'indexedFields') as readonly Readonly<Record<string, Kept>>[];
  return fields.flatMap(({ [name]: kept }) => kept?.data ?? []).map(value);
}

interface ViewInMemo {
  readonly rung: string | null;
}

function viewsIn(history: object): readonly ViewInMemo[] {
  const memos = found(history, 'fields') as readonly { readonly view?: Kept }[];
  return memos.flatMap(({ view }) => (view?.data === undefined ? [] : [value(view.data) as ViewInMemo]));
}

const value = (data: string): unknown => JSON.parse(Buffer.from(data, 'base64').toString('utf8'));

/** Everything that stands under a key of this name, at any depth. */
function found(inside: unknown, key: string): readonly unknown[] {
  if (typeof inside !== 'object' || inside === null) return [];
  return Object.entries(inside).flatMap(([name, inner]) => (name === key ? [inner] : found(inner, key)));
}

/** All of it as text, payloads too. */
function decoded(history: object): string {
  const payloads = (found(history, 'data') as readonly string[]).map(data =>
    Buffer.from(data, 'base64').toString('utf8'),
  );
  return [JSON.stringify(history), ...payloads].join('\n');
}
