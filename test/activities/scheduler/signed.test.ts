/**
 * Commits with a signature and a sign-off, against rules that require signatures: refused without a key, pushed with one,
 * and built again without the key, as a runner does.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { withJudgedChange } from '../../../src/activities/change.ts';
import { commitMaker } from '../../../src/config/commit-settings.ts';
import { processSettings } from '../../../src/config/environment.ts';
import { SettingsError } from '../../../src/config/settings-error.ts';
import { ALL_BRANCHES } from '../../../simulator/github/model.ts';
import { noreplyAddress } from '../../../simulator/github/world.ts';
import { openSshKey } from '../../git/support/open-ssh-key.ts';
import { repositoryName } from '../../support/github.ts';
import { type BuiltChange, buildOnce, claimedFor } from '../support/changes.ts';
import { perform } from '../support/perform.ts';
import { policyText, type SchedulerStage, stageScheduler } from '../support/stage.ts';

const key = openSshKey(Buffer.alloc(32, 9));
const signed = { SIGNALBOX_COMMIT_NAME: 'Line Bot', SIGNALBOX_SIGNING_KEY: key.privateKey };
const files = { 'src/card.js': 'export const card = 2;\n' };
let stage: SchedulerStage;
let email: string;
let unsigned: BuiltChange;
beforeAll(async () => {
  // The address is known only when the account is: the maker of the stage asks for it late.
  stage = await stageScheduler({
    policy: policyText.replace("'test/**'] }", "'test/**'], signOff: true }"),
    commitMaker: {
      get identity() {
        return commitMaker(processSettings({ ...signed, SIGNALBOX_COMMIT_EMAIL: email })).identity;
      },
      sign: commit =>
        commitMaker(processSettings({ ...signed, SIGNALBOX_COMMIT_EMAIL: email })).sign?.(commit) ?? '',
    },
  });
  const { admin } = stage.simulator;
  email = noreplyAddress(admin.addUser('line-bot'));
  admin.repositories.protect(repositoryName, ALL_BRANCHES, { requiredSignatures: true });
  unsigned = await buildUnsigned();
});
afterAll(() => stage.end());

async function buildUnsigned(): Promise<BuiltChange> {
  const { plan } = await buildOnce(stage, files);
  const ports = {
    artifacts: stage.artifacts,
    mirrorsDir: join(stage.dir, 'unsigned'),
    remote: () => ({ url: stage.repository.cloneUrl, token: () => Promise.resolve('bot-token') }),
  };
  const { repository, policy } = stage;
  const change = await withJudgedChange(ports, { repository, policy, plan }, ({ built }) =>
    Promise.resolve({ commit: built.commit }),
  );
  if ('refusals' in change) throw new Error(JSON.stringify(change));
  return { plan, change: { ...(await buildOnce(stage, files)).change, ...change } };
}

const push = async (built: BuiltChange, extra = {}) => {
  const scene = await claimedFor(stage, built);
  const { plan, branch, issue, change } = scene;
  const effect = { kind: 'push-commit' as const, ...plan, ...extra };
  const { ended } = await perform(stage.activities.pushCommit, {
    context: stage.context(issue),
    effect: { ...effect, branch, commit: change.commit, expected: stage.repository.head },
  });
  return { ended, tip: await stage.person('acme').tip(branch) };
};

test('without a key the push is refused, and the failure offers the setting', async () => {
  const { ended, tip } = await push(unsigned);
  expect(ended).toEqual({
    failure: 'SignatureRequired',
    message: 'GitHub refused the push: Commits must have verified signatures',
  });
  expect(tip).toBe(stage.repository.head);
});

test('a signature counts only once the account has the key', async () => {
  const built = await buildOnce(stage, files);
  const { author, signature } = built.change;
  expect(author).toEqual({ name: 'Line Bot', email });
  expect(signature).toMatch(/^-----BEGIN SSH SIGNATURE-----\n/);
  expect((await push(built, { author, signature })).ended).toMatchObject({ failure: 'SignatureRequired' });

  stage.simulator.admin.addSigningKey('line-bot', key.publicKey);
  const { ended, tip } = await push(built, { author, signature });
  expect(ended).toEqual({ fact: { type: 'pushed', commit: built.change.commit } });
  expect(tip).toBe(built.change.commit);
});

test('the same commit is built twice with the key, and without it from the signature', async () => {
  const [one, other] = [await buildOnce(stage, files), await buildOnce(stage, files)];
  expect(other.change.commit).toBe(one.change.commit);
  const { author, signature } = one.change;
  if (author === undefined || signature === undefined) throw new Error('the commit is not signed');
  const { repository, policy } = stage;
  const ports = {
    artifacts: stage.artifacts,
    mirrorsDir: join(stage.dir, 'runner'),
    remote: () => ({ url: repository.cloneUrl, token: () => Promise.resolve('bot-token') }),
  };
  const plan = { ...one.plan, author, signature };
  const rebuilt = await withJudgedChange(ports, { repository, policy, plan }, ({ built }) =>
    Promise.resolve(built.commit),
  );
  expect(rebuilt).toBe(one.change.commit);
  expect(unsigned.change.commit).not.toBe(one.change.commit);
});

test('the message is signed off by the same identity', async () => {
  const pushed = await push(await signedChange());
  const { data } = await readCommit(pushed.tip ?? '');
  expect(data.commit.message).toBe(`Deal the cards\n\nSigned-off-by: Line Bot <${email}>`);
  expect(data.commit.committer).toMatchObject({ name: 'Line Bot', email });
});

async function signedChange(): Promise<BuiltChange> {
  stage.simulator.admin.addSigningKey('line-bot', key.publicKey);
  const { plan, change } = await buildOnce(stage, files);
  const { author, signature } = change;
  if (author === undefined || signature === undefined) throw new Error('the commit is not signed');
  return { plan: { ...plan, author, signature }, change };
}

async function readCommit(sha: string) {
  const url = `${stage.simulator.apiUrl}/repos/${repositoryName}/commits/${sha}`;
  const answer = await fetch(url, { headers: { authorization: 'Bearer bot-token' } });
  type Person = { readonly name: string; readonly email: string };
  const data = (await answer.json()) as { commit: { message: string; committer: Person } };
  return { data };
}

test.each<readonly [string, Record<string, string>, RegExp]>([
  ['a key without an address', { SIGNALBOX_SIGNING_KEY: key.privateKey }, /SIGNALBOX_COMMIT_EMAIL/],
  [
    'a key of another kind',
    {
      SIGNALBOX_SIGNING_KEY: openSshKey(Buffer.alloc(32, 9), { kind: 'ssh-rsa' }).privateKey,
      SIGNALBOX_COMMIT_EMAIL: 'a@b.example',
    },
    /SIGNALBOX_SIGNING_KEY: it is of the kind ssh-rsa/,
  ],
  [
    'an address with a line break',
    { SIGNALBOX_COMMIT_EMAIL: 'a@b.example\ncommitter x' },
    /SIGNALBOX_COMMIT_EMAIL/,
  ],
  ['a name with a mark of git', { SIGNALBOX_COMMIT_NAME: 'Eve <eve@example.com>' }, /SIGNALBOX_COMMIT_NAME/],
])('%s is refused in one line', (_what, values, why) => {
  const making = (): unknown => commitMaker(processSettings(values));
  expect(making).toThrow(SettingsError);
  expect(making).toThrow(why);
});
