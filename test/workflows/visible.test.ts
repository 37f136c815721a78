/** What Temporal shows of an issue: the details in the Web UI, summaries of effects, typed search attributes. */
import { expect, test } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/names.ts';
import type { Life } from './support/life.ts';
import { openLives } from './support/lives.ts';

const lives = openLives();

interface Metadata {
  readonly currentDetails?: string;
  readonly definition?: {
    readonly updateDefinitions?: readonly { readonly name: string; readonly description: string }[];
    readonly signalDefinitions?: readonly { readonly name: string; readonly description: string }[];
  };
}

const metadataOf = (life: Life): Promise<Metadata> =>
  life.handle.query<Metadata>('__temporal_workflow_metadata');

async function attributesOf(life: Life): Promise<Readonly<Record<string, unknown>>> {
  const { typedSearchAttributes } = await life.handle.describe();
  return Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
}

test('the current details say who must do what and stay up to date; every message has a description', async () => {
  const life = await lives.begin();
  const { hold } = await life.atGate('start');
  const { currentDetails, definition } = await metadataOf(life);
  expect(currentDetails).toContain(`/approve start ${hold?.digest?.slice(7, 19)}`);
  const described = [...(definition?.updateDefinitions ?? []), ...(definition?.signalDefinitions ?? [])];
  for (const name of ['decide', 'approve', 'escalate'])
    expect(described.find(message => message.name === name)?.description).toBeTruthy();
  await life.to('merge');
  const later = await metadataOf(life);
  expect(later.currentDetails).toContain('/approve merge');
  expect(later.currentDetails).not.toContain('/approve start');
  expect(await (await life.handle.describe()).staticSummary()).toBe(`Acme/profile#${life.number}`);
});

test('every search attribute is typed and follows stage, hold and attempt', async () => {
  const life = await lives.begin();
  await life.atGate('start');
  const first = await life.when('is written', () => true).then(() => attributesOf(life));
  expect(
    Object.keys(first)
      .filter(name => name in SEARCH_ATTRIBUTES)
      .sort(),
  ).toEqual(Object.keys(SEARCH_ATTRIBUTES).sort());
  expect(first).toMatchObject({
    Stage: 'triage',
    Hold: 'gate:start',
    Mode: 'guarded',
    Generation: 1,
    Attempt: 0,
  });
  await life.to('merge');
  expect(await attributesOf(life)).toMatchObject({ Stage: 'pr', Hold: 'gate:merge', Attempt: 1 });
  await life.toEnd();
  expect(await attributesOf(life)).toMatchObject({
    Stage: 'release-verified',
    Hold: 'none',
    WaitingOn: 'nothing',
  });
});

/** Effects with a summary. The names of the others say enough. */
const SUMMARISED = [
  'readPolicy',
  'claimBranch',
  'runAgent',
  'buildChange',
  'verifyChange',
  'pushCommit',
  'openPullRequest',
  'mergePullRequest',
];

test('these effects have a summary in the history', async () => {
  const life = await lives.begin();
  await life.toEnd();
  const { events } = await life.handle.fetchHistory();
  const summaries = (events ?? []).flatMap(event => {
    const name = event.activityTaskScheduledEventAttributes?.activityType?.name ?? '';
    return SUMMARISED.includes(name) ? [[name, text(event.userMetadata?.summary)] as const] : [];
  });
  expect([...new Set(summaries.map(([name]) => name))].sort()).toEqual([...SUMMARISED].sort());
  for (const [name, summary] of summaries)
    expect([name, summary]).toEqual([name, expect.stringMatching(/\S/)]);
  expect(summaries.find(([name]) => name === 'runAgent')?.[1]).toBe('g1-a1, mode guarded');
});

function text(payload: Payload | null | undefined): string {
  return payload == null ? '' : defaultPayloadConverter.fromPayload<string>(payload);
}
