/** The real server takes the signed webhooks of the simulated GitHub: each action results in a poke for its issue. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WebhookPoke } from '../../src/gateway/poke.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createWebhookServer } from '../../src/gateway/webhook-server.ts';
import type { WebhookServer } from '../../src/gateway/webhook-server.ts';
import { repositoryName, stageGitHub } from '../support/github.ts';
import type { GitHubStage } from '../support/github.ts';

const secret = 'a-webhook-secret-of-some-length';
const pokes: WebhookPoke[] = [];
const refused: string[] = [];
let server: WebhookServer;
let stage: GitHubStage;

beforeAll(async () => {
  server = createWebhookServer({
    secrets: [secret],
    handOver: async poke => void pokes.push(poke),
    logger: { info: () => undefined, warn: fields => void refused.push(JSON.stringify(fields)) },
    metrics: createMetrics(),
    isHealthy: () => true,
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  stage = await stageGitHub({ webhook: { url: `${url}/webhooks`, secret } });
});
afterAll(async () => {
  await stage.end();
  await server.close();
});

test('every action of a person on an issue results in a poke', async () => {
  const alice = stage.github.admin.as('alice', repositoryName);
  const { number } = alice.openIssue({ title: 'Stale' });
  alice.label(number, 'ready');
  alice.comment(number, '/approve');
  const branch = `ai/issue-${number}-stale`;
  await alice.pushCommit({ branch, message: 'x', files: { 'x.txt': 'x' } });
  const pull = await alice.openPull({ title: 'P', head: branch, base: 'main' });
  alice.review(pull.number, 'APPROVED');
  await alice.mergeByHand(pull.number);
  await alice.deploy({ environment: 'production', state: 'success' });
  await alice.deleteBranch(branch);

  const ofIssue = (facet: string) =>
    pokes.some(poke => poke.issue === number && (poke.facets as string[]).includes(facet));
  const seen = () =>
    ['issue', 'comments', 'branch', 'pull-request'].every(ofIssue) &&
    pokes.some(poke => poke.facets.includes('deployments'));
  while (!seen()) await new Promise(resolve => setTimeout(resolve, 10));
  expect(refused).toEqual([]);
  expect(pokes.every(poke => poke.owner === 'acme' && poke.repo === 'cards')).toBe(true);
});
