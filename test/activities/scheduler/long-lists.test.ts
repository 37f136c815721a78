/** Outsiders can make lists as long as they like: only what is new is read, and too much ends with a name, not in silence. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LookInput } from '../../../src/contracts/activities.ts';
import { LOOK_COMMANDS_MAX } from '../../../src/contracts/bounds.ts';
import type { Facet, Observation } from '../../../src/domain/observation.ts';
import { statusMarker } from '../../../src/domain/projection.ts';
import { factOf, perform } from '../support/perform.ts';
import { newIssue } from '../support/scenes.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
let aheadMs = 0;
beforeAll(async () => void (stage = await stageScheduler({ now: () => Date.now() + aheadMs })));
afterAll(() => stage.end());
beforeEach(() => stage.simulator.requests.reset());

const eventsPath = '/repos/{owner}/{repo}/issues/{issue_number}/events';
const asked = (path: string) => stage.simulator.requests.count({ path });

const input = (issue: number, facet: Facet, more: Partial<LookInput> = {}): LookInput => ({
  ...{ context: stage.context(issue), facets: [facet], commentsReadTo: 0, reviewsSeen: 0 },
  ...more,
});
const look = (issue: number, facet: Facet, more: Partial<LookInput> = {}): Promise<Observation> =>
  factOf(stage.activities.look, input(issue, facet, more));

function optedIn(): number {
  const issue = newIssue(stage);
  stage.person('alice').label(issue, stage.policy.optIn.label);
  return issue;
}

/** Events that say nothing about the opt-in. */
function events(issue: number, count: number): void {
  for (let at = 0; at < count; at += 1)
    if (at % 2 === 0) stage.person('tina').label(issue, 'noise');
    else stage.person('tina').unlabel(issue, 'noise');
}

describe('events', () => {
  /** What the workflow hands to the next look. */
  const before = ({ issue }: Observation): Pick<LookInput, 'optedIn'> => {
    if (issue === undefined || 'gone' in issue || !issue.optIn || issue.eventsReadTo === undefined) return {};
    return { optedIn: { by: issue.optIn.by, readTo: issue.eventsReadTo } };
  };
  const optIn = { by: { login: 'alice', type: 'User' }, role: { kind: 'role', role: 'maintain' } };

  test('of a short list cost one request, as ever', async () => {
    const issue = optedIn();
    const first = await look(issue, 'issue');
    await look(issue, 'issue', before(first));
    expect(asked(eventsPath)).toBe(2);
  });

  test('of a list of more than 3,000 are read from the newest to what is known', async () => {
    const issue = optedIn();
    let found = await look(issue, 'issue');
    for (const count of [1_000, 1_000, 1_001]) {
      events(issue, count);
      found = await look(issue, 'issue', before(found));
      expect(found.issue).toMatchObject({ optIn });
    }
    stage.simulator.requests.reset();
    events(issue, 10);
    expect((await look(issue, 'issue', before(found))).issue).toMatchObject({ optIn });
    expect(asked(eventsPath)).toBe(2);
  });

  test('show a new opt-in after thousands of others, and its removal', async () => {
    const issue = optedIn();
    const found = await look(issue, 'issue');
    events(issue, 3_100);
    stage.person('alice').unlabel(issue, stage.policy.optIn.label);
    expect((await look(issue, 'issue', before(found))).issue).toMatchObject({ optIn: null });
    stage.person('tina').label(issue, stage.policy.optIn.label);
    stage.simulator.requests.reset();
    expect((await look(issue, 'issue')).issue).toMatchObject({ optIn: { by: { login: 'tina' } } });
    expect(asked(eventsPath)).toBe(2);
  });

  test('before a new label in the policy say nothing about who gave that label', async () => {
    const issue = optedIn();
    events(issue, 150);
    const found = await look(issue, 'issue');
    const { optedIn: known } = before(found);
    if (known === undefined) throw new Error('no opt-in');
    const of = { by: { login: 'mallory', type: 'User' }, readTo: known.readTo } as const;
    // Control: what is known of the same label stands.
    events(issue, 150);
    expect((await look(issue, 'issue', { optedIn: of })).issue).toMatchObject({ optIn: { by: of.by } });
    const other = { ...of, readTo: { ...of.readTo, label: 'other' } };
    expect((await look(issue, 'issue', { optedIn: other })).issue).toMatchObject({ optIn });
  });

  test('that are too many at once hold the issue by name and say whose they are', async () => {
    const issue = optedIn();
    events(issue, 3_001);
    const { ended, repeated } = await perform(stage.activities.look, input(issue, 'issue'));
    expect(repeated).toEqual([]);
    expect(ended).toMatchObject({
      failure: 'TooMuchToRead',
      message: expect.stringMatching(
        /the events of \S+#\d+ are too many to read: .* by tina, and there are more/,
      ),
    });
  });
});

/** More than the time that a look reads twice. */
const MINUTES_MS = 3 * 60_000;

describe('comments', () => {
  const comments = (issue: number, count: number, body = 'words') => {
    for (let at = 0; at < count; at += 1) stage.person('rita').comment(issue, body);
  };
  const discussion = (issue: number, count: number) => {
    for (let at = 0; at < count; at += 1, aheadMs += 2_000) stage.person('rita').comment(issue, 'words');
  };
  const before = ({ comments: read }: Observation): Partial<LookInput> => ({
    ...(read === undefined ? {} : { commentsReadTo: read.lastId }),
    ...(read?.since === undefined ? {} : { commentsSince: read.since }),
    ...(typeof read?.status === 'number' ? { statusComment: read.status } : {}),
  });
  const status = (issue: number) =>
    stage.person('line-bot').comment(issue, `status ${statusMarker(stage.context(issue))}`).id;

  test('of a short list cost one request, as ever', async () => {
    const issue = optedIn();
    status(issue);
    const first = await look(issue, 'comments');
    await look(issue, 'comments', before(first));
    expect(stage.simulator.requests.count()).toBe(2);
  });

  test('with as many commands as one look takes, all by one account, cost one request for its role', async () => {
    const issue = optedIn();
    comments(issue, LOOK_COMMANDS_MAX, '/approve');
    const found = await look(issue, 'comments');
    expect(found.comments?.commands).toHaveLength(LOOK_COMMANDS_MAX);
    expect(asked('/repos/{owner}/{repo}/collaborators/{username}/permission')).toBe(1);
  });

  test('with more commands than one look takes are read in portions, and none is left out', async () => {
    const issue = optedIn();
    const reason = '\u8a9e'.repeat(500);
    comments(issue, 60, Array.from({ length: 10 }, () => `/reject ${reason}`).join('\n'));
    comments(issue, 1, '/pause');
    let [found, kinds]: [Observation | undefined, string[]] = [undefined, []];
    const sizes: number[] = [];
    do {
      found = await look(issue, 'comments', found === undefined ? {} : before(found));
      sizes.push(Buffer.byteLength(JSON.stringify(found)));
      kinds = [...kinds, ...(found.comments?.commands ?? []).map(({ request }) => request.kind)];
    } while (found.comments?.more === true);
    expect(sizes).toHaveLength(Math.ceil(601 / LOOK_COMMANDS_MAX));
    // Temporal takes two megabytes.
    expect(Math.max(...sizes)).toBeLessThan(1_000_000);
    expect(kinds).toEqual([...Array.from({ length: 600 }, () => 'reject'), 'pause']);
  });

  test('of a long list are read since the last look, and the status comment is still known', async () => {
    const issue = optedIn();
    const id = status(issue);
    comments(issue, 250);
    const first = await look(issue, 'comments');
    expect(first.comments).toMatchObject({ commands: [], status: id });
    stage.person('alice').comment(issue, '/pause');
    stage.simulator.requests.reset();
    const second = await look(issue, 'comments', before(first));
    expect(second.comments).toMatchObject({ commands: [{ request: { kind: 'pause' } }], status: id });
  });

  const commentsPath = '/repos/{owner}/{repo}/issues/{issue_number}/comments';

  test('of which there are 1,200 cost one request for every look after the first', async () => {
    const issue = optedIn();
    status(issue);
    discussion(issue, 1_200);
    let found = await look(issue, 'comments');
    expect(asked(commentsPath)).toBe(13);
    const costs: number[] = [];
    for (const said of [0, 0, 1, 0, 50]) {
      aheadMs += MINUTES_MS;
      discussion(issue, said);
      stage.simulator.requests.reset();
      found = await look(issue, 'comments', before(found));
      costs.push(stage.simulator.requests.count());
    }
    expect(costs).toEqual([1, 1, 1, 1, 1]);
    expect(found.comments?.commands).toEqual([]);
  });

  test('that were written long ago and edited are read without reading the others again', async () => {
    const issue = optedIn();
    const old = stage.person('rita').comment(issue, 'words').id;
    comments(issue, 250);
    let found = await look(issue, 'comments');
    aheadMs += MINUTES_MS;
    const latest = stage.person('rita').comment(issue, 'the latest').id;
    found = await look(issue, 'comments', before(found));
    stage.person('rita').deleteComment(latest);
    aheadMs += MINUTES_MS;
    stage.person('rita').editComment(old, 'other words');
    found = await look(issue, 'comments', before(found));
    stage.simulator.requests.reset();
    await look(issue, 'comments', before(found));
    expect(stage.simulator.requests.count()).toBe(1);
  });
});
