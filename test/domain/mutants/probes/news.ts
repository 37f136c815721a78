/** News of a webhook: what is of others wakes every issue of the repository, and only what may matter is read. */
import type { Digest } from '../../../../src/domain/digest.ts';
import { facetsOfNews } from '../../../../src/domain/news.ts';
import { type Facet, FACETS, type News } from '../../../../src/domain/observation.ts';
import { omit } from '../../../../src/domain/omit.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { must } from '../../life/invariants.ts';
import { after, AUTO, check, present, probe, type Probe, Scene, type Setting } from '../scene.ts';

const IN_HAND: Setting = { ...AUTO, upToDate: true };
const atMerge = (setting: Setting = IN_HAND): IssueState => new Scene(setting).until('merge').world.state;
const OTHER = { branch: 'feature/x', pull: 4_711 } as const;

const readFor = (state: IssueState, news: Omit<News, 'facets'>): readonly Facet[] =>
  facetsOfNews(state, { facets: FACETS, ...news });
const reads = (state: IssueState, facet: Facet, news: Omit<News, 'facets'>): boolean =>
  readFor(state, news).includes(facet);
const isAll = (facets: readonly Facet[]): boolean => facets.length === FACETS.length;

/** With what CI reported on the head. */
function checked(found: 'failed' | 'passed'): IssueState {
  const state = atMerge();
  const policy = { ...present(state.policy, 'policy'), checks: { required: ['test'] } };
  const report = {
    name: 'test',
    state: found,
    detail: found,
    source: 'status',
    id: 1,
    attempt: '1',
  } as const;
  const read = { required: [{ name: 'test' }], reported: [report], since: 0, readAt: 0, times: 1 };
  return { ...state, policy, checks: { head: present(state.pushed, 'head'), ...read } };
}

export const NEWS_PROBES: readonly Probe[] = [
  check('news of ours, and of nobody, is all read', () => {
    const state = atMerge();
    const { branch } = present(state.claim, 'claim');
    const { number } = present(state.pullRequest, 'pull request');
    must('19 read', isAll(readFor(state, {})), 'news without a place is not read');
    must('19 read', isAll(readFor(state, { branch })), 'a push to the branch is not read');
    must('19 read', isAll(readFor(state, { pull: number })), 'news of the pull request is not read');
    must('19 read', isAll(readFor(state, { ...OTHER, branch })), 'the branch does not count');
    must('19 read', isAll(readFor(state, { ...OTHER, pull: number })), 'the number does not count');
    const earlier = `ai/issue-${state.issue.number}-of-old`;
    must('19 read', isAll(readFor(state, { branch: earlier })), 'news of an older branch is not read');
    const named = { ...state, claim: { ...present(state.claim, 'claim'), branch: 'odd' } };
    must('19 read', isAll(readFor(named, { branch: 'odd' })), 'the claimed branch is not known');
  }),
  check('news of others reads nothing of the pull request', () => {
    const state = atMerge();
    for (const news of [
      OTHER,
      { branch: OTHER.branch },
      { pull: OTHER.pull },
      { branch: 'ai/issue-99-other' },
    ])
      for (const facet of ['pull-request', 'comments', 'branch', 'checks'] as const)
        must('21 in vain', !reads(state, facet, news), `${facet} is read for ${JSON.stringify(news)}`);
    must('19 read', reads(state, 'issue', OTHER), 'news of the issue is not read');
    must('19 read', reads(state, 'deployments', OTHER), 'a deployment is not read');
    const due = after({ ...state, due: {} }, { type: 'poked', facets: ['branch'], branch: 'main' }).due;
    must('21 in vain', due['pull-request'] === undefined, 'a push to the target branch is read');
    const unopened = omit(state, 'pullRequest');
    must('19 read', reads(unopened, 'pull-request', OTHER), 'one that was just opened may be ours');
    must('19 read', reads(unopened, 'comments', OTHER), 'a comment may be on ours');
  }),
  check('a push to the target branch is read where only GitHub knows what it means', () => {
    const state = atMerge();
    const loose = atMerge({ ...AUTO, upToDate: false });
    const repository = present(state.repository, 'repository');
    const into = { ...state, repository: { ...repository, target: { branch: 'stable/v1' } } };
    const missing = {
      ...state,
      repository: { ...repository, target: { branch: 'stable/v1', isMissing: true } },
    } as const;
    const by = { kind: 'person', login: 'ann', how: 'temporal' } as const;
    const handed = {
      ...state,
      handOver: { way: 'queue', head: 'h', by, digest: 'd' as Digest, at: 1, readAt: 1 },
    } as const;
    must('19 read', reads(loose, 'branch', { branch: 'main' }), 'a conflict is not noticed');
    must('21 in vain', !reads(loose, 'branch', OTHER), 'a push to any branch is read');
    must('21 in vain', !reads(loose, 'branch', { pull: OTHER.pull }), 'no branch counts as the target');
    must('19 read', reads(handed, 'branch', { branch: 'main' }), 'the queue is not followed');
    must('19 read', reads(missing, 'branch', { branch: 'stable/v1' }), 'a missing target is not found');
    must('21 in vain', !reads(into, 'branch', { branch: 'stable/v1' }), 'a target that moved is read');
  }),
  check('checks of others are read only while one of ours fails', () => {
    must('19 read', reads(checked('failed'), 'checks', { branch: 'main' }), 'a fixed base is not noticed');
    must('21 in vain', !reads(checked('passed'), 'checks', { branch: 'main' }), 'checks of others are read');
  }),
  probe('news of the pull request disturbs no verification of a merge', AUTO, life => {
    life.until('merge').github({ base: 'base-2' }).approve().untilEffect('verify-candidate');
    life.event({ type: 'poked', facets: ['pull-request'] });
    must('19 undisturbed', life.effect.kind === 'verify-candidate', 'the verification is cancelled');
    life.flow();
    must('21 in vain', life.world.state.merge !== undefined, 'it is not merged');
  }),
];
