/** `init`: one pull request with the missing files, however often it runs; people's files are never overwritten. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewRepository } from '../../../simulator/github/admin/repositories.ts';
import { type GitHubSimulator, startGitHub } from '../../../simulator/github/server.ts';
import { ISSUE_FORM_PATH, issueFormText, notAskedBy } from '../../../src/client/cli/init/issue-form.ts';
import { INIT_BRANCH } from '../../../src/client/cli/init/propose.ts';
import { parsePolicyFile, POLICY_PATH } from '../../../src/config/policy-file.ts';
import { startPolicyText } from '../../../src/config/start-policy.ts';
import { OUR_LABELS } from '../../../src/domain/projection.ts';
import { createGitHub } from '../../../src/github/client.ts';
import { getFile } from '../../../src/github/files.ts';
import { exchangeProblems, type RestExchange } from '../../support/openapi.ts';
import { cli, expectOneLine, jsonOf, type Ran } from './support/cli.ts';

let simulator: GitHubSimulator;
let dir: string;
const exchanges: RestExchange[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'signalbox-init-'));
  const users = ['acme', 'alice', 'rita'].map(login => ({ login, token: `${login}-token` }));
  simulator = await startGitHub({ dataDir: join(dir, 'github'), users });
  simulator.onExchange(exchange => exchanges.push(exchange));
});
afterAll(async () => {
  await simulator.close();
  await rm(dir, { recursive: true, force: true });
});

interface InitOutput {
  readonly labels: { readonly missing: readonly string[]; readonly present: readonly string[] };
  readonly files: { readonly proposed: readonly string[]; readonly kept: readonly string[] };
  readonly pullRequest: { readonly number: number; readonly did: string } | null;
}

let repositories = 0;

async function newRepository(files: NewRepository['files'] = { 'README.md': '# Shop\n' }): Promise<string> {
  const name = `shop-${(repositories += 1)}`;
  const roles = { alice: 'maintain', rita: 'read' } as const;
  await simulator.admin.createRepository({ owner: 'acme', name, labels: ['bug'], roles, files });
  return `acme/${name}`;
}

const init = (args: readonly string[], token = 'alice-token'): Promise<Ran> =>
  cli(['init', ...args], { environment: { GITHUB_TOKEN: token, GITHUB_API_URL: simulator.apiUrl } });

async function outputOf(repository: string, ...flags: readonly string[]): Promise<InitOutput> {
  const ran = await init([repository, '--json', ...flags]);
  expect(ran.code).toBe(0);
  return jsonOf(ran) as InitOutput;
}

const admin = (repository: string) => simulator.admin.repositories.get(repository);
const pullsOf = (repository: string) => [...admin(repository).issues.values()].filter(({ pull }) => pull);
const labelsOf = (repository: string) => [...admin(repository).labels.values()].map(({ name }) => name);

async function onBranch(repository: string, path: string, branch = INIT_BRANCH): Promise<string | undefined> {
  const [owner = '', repo = ''] = repository.split('/');
  const credential = { kind: 'token', token: 'alice-token' } as const;
  const github = createGitHub({ apiUrl: simulator.apiUrl, credential, userAgent: 'test' });
  return (await getFile(github, { owner, repo, path, branch }))?.text;
}

const bothFiles = [POLICY_PATH, ISSUE_FORM_PATH];
const allLabels = ['ai', ...OUR_LABELS.map(({ name }) => name)];

describe('an empty repository', () => {
  test('gets one pull request with form and policy, and every label, and the next step is printed', async () => {
    const repository = await newRepository();
    const ran = await init([repository]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^pull request #1 \(opened\): http/m);
    const [next, account, ...rest] = ran.stderr.split('\n');
    expect([next, rest]).toEqual(['next: review the policy, then merge the pull request', ['']]);
    expect(account).toMatch(
      /^if Signalbox runs with this token too, what alice writes on GitHub decides nothing\. .*GitHub App.*temporal/,
    );
    const [pull, ...more] = pullsOf(repository);
    expect(more).toEqual([]);
    expect(pull).toMatchObject({ title: 'Set up Signalbox', pull: { baseRef: 'main' } });
    expect(await onBranch(repository, POLICY_PATH)).toBe(startPolicyText());
    expect(await onBranch(repository, ISSUE_FORM_PATH)).toBe(issueFormText());
    expect(await onBranch(repository, POLICY_PATH, 'main')).toBeUndefined();
    expect(labelsOf(repository).sort()).toEqual(['bug', ...allLabels].sort());
  });

  test('gets nothing new from a second run, which finds the pull request', async () => {
    const repository = await newRepository();
    await outputOf(repository);
    const before = exchanges.length;
    const again = await outputOf(repository);
    expect(again).toMatchObject({ labels: { missing: [] }, pullRequest: { number: 1, did: 'found' } });
    expect(exchanges.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(pullsOf(repository)).toHaveLength(1);
  });

  test('is not changed by --dry-run, which reports the same plan', async () => {
    const repository = await newRepository();
    const before = exchanges.length;
    const planned = await outputOf(repository, '--dry-run');
    expect(exchanges.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(planned).toMatchObject({
      ...{ dryRun: true, pullRequest: null, labels: { missing: allLabels, present: [] } },
      files: { proposed: bothFiles, kept: [] },
    });
    const { labels, files } = await outputOf(repository);
    expect({ labels, files }).toEqual({ labels: planned.labels, files: planned.files });
  });

  test.each(['execute-then-reset', 'fail-before'] as const)(
    'gets the same result from a second run after %s interrupted the first',
    async kind => {
      for (const path of ['/git/refs', '/contents/', '/pulls', '/labels']) {
        const repository = await newRepository();
        const fault = simulator.admin.faults.add({ kind, method: 'POST', path: new RegExp(path) });
        const put = simulator.admin.faults.add({ kind, method: 'PUT', path: new RegExp(path) });
        const first = await init([repository]);
        expect(fault.hits() + put.hits()).toBe(1);
        simulator.admin.faults.clear();
        expect(first.code).toBe(4);
        expect(await outputOf(repository)).toMatchObject({ files: { proposed: bothFiles } });
        expect(pullsOf(repository)).toHaveLength(1);
        expect(await onBranch(repository, POLICY_PATH)).toBe(startPolicyText());
        expect(await onBranch(repository, ISSUE_FORM_PATH)).toBe(issueFormText());
        expect(labelsOf(repository)).toHaveLength(1 + allLabels.length);
      }
    },
    60_000,
  );
});

describe('issue forms of the repository', () => {
  const form = `name: Fehler
description: Ein Fehler
body:
  - type: textarea
    attributes: { label: Erwartetes Verhalten }
  - type: input
    attributes: { label: Version }
`;
  const templates = { 'README.md': '# Shop\n', '.github/ISSUE_TEMPLATE/fehler.yml': form };

  test('their headings are proposed in the policy, printed, and named in the pull request', async () => {
    const repository = await newRepository(templates);
    const dry = await outputOf(repository, '--dry-run');
    expect(dry).toMatchObject({
      headings: [{ heading: 'Erwartetes Verhalten', field: 'expected', from: 'fehler.yml' }],
    });
    const ran = await init([repository]);
    expect(ran.stdout).toContain('heading “Erwartetes Verhalten” of fehler.yml: proposed for expected\n');
    const policy = (await onBranch(repository, POLICY_PATH)) ?? '';
    expect(policy).toContain('    Erwartetes Verhalten: expected # fehler.yml\n');
    expect(parsePolicyFile(policy)).toMatchObject({
      policy: { contract: { headings: { 'Erwartetes Verhalten': 'expected' } } },
    });
    expect(pullsOf(repository)[0]?.body).toContain('`contract.headings` in it is a proposal');
  });

  test('an existing policy stays as it is, and what it lacks is printed', async () => {
    const policy = 'version: 1\n';
    const repository = await newRepository({ ...templates, [POLICY_PATH]: policy });
    const ran = await init([repository]);
    expect(ran.stderr).toContain('add these headings yourself');
    expect(ran.stderr).toContain('Erwartetes Verhalten: expected');
    expect(await onBranch(repository, POLICY_PATH)).toBe(policy);
    const mapped = `${policy}contract: { headings: { Erwartetes Verhalten: expected } }\n`;
    const complete = await newRepository({ ...templates, [POLICY_PATH]: mapped });
    expect(await outputOf(complete)).toMatchObject({ headings: [] });
    expect((await init([complete])).stderr).not.toContain('yourself');
  });
});

describe('existing work of people', () => {
  test('an existing policy is kept and reported, and its opt-in label is created', async () => {
    const policy = 'version: 1\noptIn: { label: robots }\n';
    const repository = await newRepository({ [POLICY_PATH]: policy });
    const ran = await init([repository]);
    expect(ran.stdout).toContain(`${POLICY_PATH}: exists, unchanged`);
    expect(await onBranch(repository, POLICY_PATH)).toBe(policy);
    expect(labelsOf(repository)).toEqual(expect.arrayContaining(['robots']));
    expect(labelsOf(repository)).not.toContain('ai');
  });

  test('a form that asks for every field is kept; an incomplete one is replaced', async () => {
    const worded = issueFormText().replace('What should happen instead.', 'Say it in your words.');
    const kept = await newRepository({ [ISSUE_FORM_PATH]: worded, [POLICY_PATH]: 'version: 1\n' });
    expect(await outputOf(kept)).toMatchObject({
      files: { kept: bothFiles, proposed: [] },
      pullRequest: null,
    });
    const lacking = issueFormText().replace('label: Non-goals', 'label: Anything else');
    expect(notAskedBy(lacking)).toEqual(['Non-goals']);
    const renewed = await newRepository({ [ISSUE_FORM_PATH]: lacking, [POLICY_PATH]: 'version: 1\n' });
    expect((await outputOf(renewed)).files.proposed).toEqual([ISSUE_FORM_PATH]);
    expect(await onBranch(renewed, ISSUE_FORM_PATH)).toBe(issueFormText());
  });

  test('an edit of the proposed policy on its branch is kept', async () => {
    const repository = await newRepository();
    await outputOf(repository);
    const mine = 'version: 1\nmode: analysis\n';
    const alice = simulator.admin.as('alice', repository);
    await alice.pushCommit({ branch: INIT_BRANCH, message: 'Mine', files: { [POLICY_PATH]: mine } });
    await outputOf(repository);
    expect(await onBranch(repository, POLICY_PATH)).toBe(mine);
  });

  test('existing labels keep their colour, whatever the case of their names', async () => {
    const repository = await newRepository();
    const colored = { id: 1, name: 'AI', color: '123456', description: 'ours' };
    admin(repository).labels.set('ai', colored);
    expect((await outputOf(repository)).labels.missing).not.toContain('ai');
    expect(admin(repository).labels.get('ai')).toEqual(colored);
  });

  test('a closed proposal is not opened again until its branch is deleted', async () => {
    const repository = await newRepository();
    await outputOf(repository);
    const alice = simulator.admin.as('alice', repository);
    alice.closeIssue(1);
    const ran = await init([repository]);
    expect(ran.code).toBe(1);
    expectOneLine(ran, /pull request #1 with these files was closed\. Fix: reopen it, or delete the branch/);
    expect(pullsOf(repository)).toHaveLength(1);
    await alice.deleteBranch(INIT_BRANCH);
    expect(await outputOf(repository)).toMatchObject({ pullRequest: { did: 'opened' } });
  });

  test('after a merged proposal nothing is proposed, until a file is lost', async () => {
    const repository = await newRepository();
    await outputOf(repository);
    const alice = simulator.admin.as('alice', repository);
    await alice.mergeByHand(1);
    expect(await outputOf(repository)).toMatchObject({ files: { kept: bothFiles }, pullRequest: null });
    await alice.pushCommit({ branch: 'main', message: 'Lost', files: { [POLICY_PATH]: null } });
    expect(await outputOf(repository)).toMatchObject({
      files: { proposed: [POLICY_PATH] },
      pullRequest: { number: 2, did: 'opened' },
    });
  });
});

describe('an obstacle is named', () => {
  test('a missing token, an unknown repository, missing permissions and an unreachable GitHub each have an exit code', async () => {
    const repository = await newRepository();
    const none = await init([repository], '');
    expect(none.code).toBe(2);
    expectOneLine(none, /set GITHUB_TOKEN/);
    const unknown = await init(['acme/nowhere']);
    expect(unknown.code).toBe(3);
    expectOneLine(unknown, /no such issue or repository/);
    const reader = await init([repository], 'rita-token');
    expect(reader.code).toBe(1);
    expectOneLine(reader, /the token needs/);
    simulator.admin.addToken({ token: 'reads', login: 'alice', permissions: { contents: 'read' } });
    const reads = await init([repository], 'reads');
    expect(reads.code).toBe(1);
    expectOneLine(reads, /the token needs/);
    expect(pullsOf(repository)).toEqual([]);
    const away = await cli(['init', repository], {
      environment: { GITHUB_TOKEN: 'x', GITHUB_API_URL: 'http://127.0.0.1:1' },
    });
    expect(away.code).toBe(4);
    expect((await init(['shop'])).code).toBe(2);
  });

  test('an archived repository and one without a commit are refused', async () => {
    const repository = await newRepository();
    simulator.admin.repositories.archive(repository);
    expectOneLine(await init([repository]), /is archived\. Fix: unarchive it/);
    const empty = await newRepository({});
    const ran = await init([empty]);
    expect(ran.code).toBe(1);
    expectOneLine(ran, /has no commit on main yet/);
  });
});

test("the initial policy is valid, and every exchange conforms to GitHub's API description", () => {
  expect(parsePolicyFile(startPolicyText())).toHaveProperty('policy');
  expect(exchanges.length).toBeGreaterThan(100);
  expect(exchanges.flatMap(exchangeProblems)).toEqual([]);
});
