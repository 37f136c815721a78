/** The evidence on its commit: a status by any credential, a check run by an App, and each only once. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EffectInput, SchedulerActivities } from '../../../src/contracts/activities.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import { EVIDENCE_CONTEXT } from '../../../src/domain/own-check.ts';
import { repositoryName } from '../../support/github.ts';
import { factOf, perform, type Performed } from '../support/perform.ts';
import { branchOf, newIssue } from '../support/scenes.ts';
import { limitedToken, stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults } from '../support/sweep.ts';

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const APP = { id: 5, slug: 'box', installationId: 7_001, publicKeyPem: keys.publicKey };
const permissions = { metadata: 'read', contents: 'write', checks: 'write', statuses: 'write' } as const;
const credential = {
  kind: 'app',
  appId: '5',
  privateKey: keys.privateKey,
  installationId: APP.installationId,
} as const;

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler({ app: { ...APP, permissions } })));
afterAll(() => stage.end());

type Input = EffectInput<'publish-evidence'>;
type Fact = Awaited<ReturnType<SchedulerActivities['publishEvidence']>>;

/** A commit of its own, with evidence. */
async function judged(change: Partial<Input['effect']> = {}): Promise<Input> {
  const issue = newIssue(stage);
  const files = { [`src/${issue}.js`]: `export const n = ${issue};\n` };
  const commit = await stage
    .person('line-bot')
    .pushCommit({ branch: branchOf(issue), message: 'change', files });
  return {
    context: stage.context(issue),
    effect: {
      ...{ kind: 'publish-evidence', commit, digest: digestOf({ commit }), as: 'status' },
      ...{ url: `https://git.example/issues/${issue}`, conclusion: 'failure' },
      title: '1 of 2 checks as expected, no concerns; evidence 0123456789ab',
      summary: '## Evidence\n- it is good',
      annotations: [{ title: 'all tests', message: 'failed (exit 1), **not as expected**' }],
      ...change,
    },
  };
}

const repository = () => stage.simulator.admin.repositories.get(repositoryName);
const statusesOf = ({ effect }: Input) =>
  repository()
    .statuses.filter(({ sha }) => sha === effect.commit)
    .map(({ context, state, description }) => ({ context, state, description }));
const runsOf = ({ effect }: Input) => repository().checkRuns.filter(({ sha }) => sha === effect.commit);

/** Each scene has another commit, and so another digest. */
function withoutDigest({ ended, repeated }: Performed<Fact>): Performed<unknown> {
  return { ended: 'fact' in ended ? { fact: { type: ended.fact.type } } : ended, repeated };
}

testFaults({
  effect: 'publish-evidence, as a status',
  stage: () => stage,
  arrange: async () => {
    const input = await judged();
    return {
      perform: async () => withoutDigest(await perform(stage.activities.publishEvidence, input)),
      // Of one name the latest counts.
      remains: async () => statusesOf(input).slice(-1),
    };
  },
});

testFaults({
  effect: 'publish-evidence, as a check run',
  stage: () => stage,
  arrange: async () => {
    const input = await judged({ as: 'check' });
    const { publishEvidence } = stage.withCredential(credential);
    return {
      perform: async () => withoutDigest(await perform(publishEvidence, input)),
      remains: async () => runsOf(input).map(({ name, conclusion, title }) => ({ name, conclusion, title })),
      user: 'box[bot]',
    };
  },
  // An App's token is renewed once.
  answers: { '401 POST /repos/{owner}/{repo}/check-runs': { fact: { type: 'evidence-published' } } },
});

describe('the evidence', () => {
  test.each([
    ['success', 'success'],
    ['neutral', 'success'],
    ['failure', 'failure'],
  ] as const)('that is a %s is the status %s', async (conclusion, state) => {
    const input = await judged({ conclusion });
    await factOf(stage.activities.publishEvidence, input);
    const { title: description } = input.effect;
    expect(statusesOf(input)).toEqual([{ context: EVIDENCE_CONTEXT, state, description }]);
  });

  test('is a check run of an App on the exact commit, with an annotation for each check that failed', async () => {
    const input = await judged({ as: 'check', conclusion: 'neutral' });
    const fact = await factOf(stage.withCredential(credential).publishEvidence, input);
    expect(fact).toEqual({ type: 'evidence-published', digest: input.effect.digest });
    const { title, summary, digest: externalId, url: detailsUrl } = input.effect;
    expect(runsOf(input)).toMatchObject([
      {
        ...{ name: EVIDENCE_CONTEXT, conclusion: 'neutral', title, summary, externalId, detailsUrl },
        annotations: [{ path: '.github/signalbox.yml', title: 'all tests' }],
      },
    ]);
    expect(statusesOf(input)).toEqual([]);
  });

  test('is a status where the policy wants a check run and the credential is no App', async () => {
    const input = await judged({ as: 'check' });
    await factOf(stage.activities.publishEvidence, input);
    expect(statusesOf(input)).toHaveLength(1);
    expect(runsOf(input)).toEqual([]);
  });

  test('names the permission that the credential lacks', async () => {
    const input = await judged();
    const { publishEvidence } = stage.withToken(limitedToken(stage, { contents: 'write' }));
    expect((await perform(publishEvidence, input)).ended).toMatchObject({
      failure: 'GitHubForbidden',
      message: expect.stringContaining('statuses=write'),
    });
  });
});
