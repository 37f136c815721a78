/** Webhooks of the simulated GitHub: signatures, order, loss, repetition, redelivery. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { verify } from '@octokit/webhooks-methods';
import type { Persona } from '../../../simulator/github/admin/persona.ts';
import { repositoryName, stageGitHub, where, type GitHubStage } from '../../support/github.ts';

const secret = 'a webhook secret';

interface Received {
  readonly event: string;
  readonly id: string;
  readonly signature: string;
  readonly body: string;
}

let stage: GitHubStage;
let receiver: Server;
let received: Received[];
let answer: number;
let alice: Persona;

beforeEach(async () => {
  received = [];
  answer = 202;
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const header = (name: string): string => String(request.headers[name]);
      received.push({
        event: header('x-github-event'),
        id: header('x-github-delivery'),
        signature: header('x-hub-signature-256'),
        body,
      });
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  stage = await stageGitHub({ webhook: { url, secret } });
  alice = stage.github.admin.as('alice', repositoryName);
});
afterEach(async () => {
  await stage.end();
  receiver.closeAllConnections();
  await new Promise(resolve => receiver.close(resolve));
});

const idle = (): Promise<void> => stage.github.admin.webhooks.idle();
const actions = (): string[] =>
  received.map(({ event, body }) => {
    const { action } = JSON.parse(body) as { action?: string };
    return action === undefined ? event : `${event}.${action}`;
  });

test('deliveries are signed over the raw body, carry a UUID each, and come in order', async () => {
  const { number } = alice.openIssue({ title: 'Hooked', labels: ['ready'] });
  alice.comment(number, 'Hello – with a dash');
  alice.closeIssue(number);
  await idle();
  expect(actions()).toEqual(['issues.opened', 'issues.labeled', 'issue_comment.created', 'issues.closed']);
  for (const { body, signature } of received) expect(await verify(secret, body, signature)).toBe(true);
  expect(await verify('another secret', received[0]?.body ?? '', received[0]?.signature ?? '')).toBe(false);
  expect(new Set(received.map(({ id }) => id)).size).toBe(4);
  expect(received[0]?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('webhooks report the life of a pull request: create, push, opened, reviewed, closed, deployed', async () => {
  await alice.pushCommit({ branch: 'fix', message: 'Fix', files: { 'a.txt': 'a' } });
  const bot = stage.as('bot-token');
  const { data: pull } = await bot.rest.pulls.create({ ...where, title: 'Fix', head: 'fix', base: 'main' });
  alice.review(pull.number, 'APPROVED');
  await alice.mergeByHand(pull.number);
  await alice.deploy({ environment: 'production', state: 'success' });
  await idle();
  expect(actions()).toEqual([
    'create',
    'push',
    'pull_request.opened',
    'pull_request_review.submitted',
    'pull_request.closed',
    'push',
    'deployment.created',
    'deployment_status.created',
  ]);
  const closed = JSON.parse(received[4]?.body ?? '{}') as {
    pull_request: { merged: boolean };
    sender: { login: string };
  };
  expect([closed.pull_request.merged, closed.sender.login]).toEqual([true, 'alice']);
});

test('webhooks can be dropped, duplicated, delayed and reordered', async () => {
  const { webhooks } = stage.github.admin;
  webhooks.fault({ kind: 'drop', event: 'issues' });
  const { number } = alice.openIssue({ title: 'Lost' });
  webhooks.fault({ kind: 'duplicate' });
  alice.comment(number, 'twice');
  webhooks.fault({ kind: 'reorder' });
  alice.label(number, 'one');
  alice.comment(number, 'first shall be last');
  await idle();
  expect(actions()).toEqual([
    'issue_comment.created',
    'issue_comment.created',
    'issue_comment.created',
    'issues.labeled',
  ]);
  expect(received[0]?.id).toBe(received[1]?.id);
  webhooks.fault({ kind: 'delay', delayMs: 100 });
  alice.unlabel(number, 'one');
  alice.closeIssue(number);
  await idle();
  expect(actions().slice(4)).toEqual(['issues.closed', 'issues.unlabeled']);
});

test('a failed delivery is kept and can be sent again under the same id', async () => {
  answer = 500;
  alice.openIssue({ title: 'Retry' });
  await idle();
  const [delivery] = stage.github.admin.webhooks.deliveries;
  answer = 202;
  expect(await stage.github.admin.webhooks.redeliver(delivery?.id ?? '')).toBe(202);
  expect(delivery?.attempts.map(({ status }) => status)).toEqual([500, 202]);
  expect(received.map(({ id }) => id)).toEqual([delivery?.id, delivery?.id]);
});

test('the same seed gives the same delivery ids', async () => {
  alice.openIssue({ title: 'Seeded' });
  const twin = await stageGitHub({ webhook: { url: 'http://127.0.0.1:9/', secret } });
  twin.github.admin.as('alice', repositoryName).openIssue({ title: 'Seeded' });
  await twin.github.admin.webhooks.idle();
  const ids = (one: GitHubStage): string[] => one.github.admin.webhooks.deliveries.map(({ id }) => id);
  expect(ids(twin)).toEqual(ids(stage));
  expect(twin.github.admin.webhooks.deliveries[0]?.attempts[0]?.status).toBe(0); // no server listens there
  await twin.end();
});
