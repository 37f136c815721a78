/** News after the end of an issue, and what a look or a publication says of the pull request and its target. */
import { isMergedByPerson } from '../../../../src/domain/evolve/merged-by.ts';
import { onPoked } from '../../../../src/domain/evolve/observations.ts';
import { onPullRequestOpened } from '../../../../src/domain/evolve/publish-facts.ts';
import { onPullRequest } from '../../../../src/domain/evolve/pull-requests.ts';
import type { EventBody } from '../../../../src/domain/event.ts';
import type { ObservedPullRequest } from '../../../../src/domain/observation.ts';
import { omit } from '../../../../src/domain/omit.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { foreignAt, HEADS } from '../../life/branch.ts';
import { must } from '../../life/invariants.ts';
import { after, AUTO, check, present, type Probe, Scene } from '../scene.ts';

const ANN = { kind: 'person', login: 'ann', how: 'temporal' } as const;
const BOT = { commit: 'merged', by: 'mergify[bot]', type: 'Bot' } as const;

const atMerge = (): IssueState => new Scene(AUTO).until('merge').world.state;
const pulled = ({ pullRequest }: IssueState): ObservedPullRequest => present(pullRequest, 'pull request');

const LATE: readonly EventBody[] = [
  { type: 'called', call: { seq: 1, ask: 'a', answers: 0, rung: 'fresh', hold: 'gate:merge' }, who: [] },
  { type: 'threads-answered', threads: [] },
  { type: 'notified', seq: 1 },
  { type: 'upkeep-delayed', upkeep: 'archive-audit', since: 1, reason: 'no answer' },
];

const isTargetRead = (state: IssueState, isMissing: boolean | undefined): boolean => {
  const repository = present(state.repository, 'repository');
  const target = { branch: 'stable/v1', head: 'v1-head', isMissing };
  const at = isMissing === undefined ? omit(repository, 'target') : { ...repository, target };
  const next = onPoked({ ...state, due: {}, repository: at } as IssueState, { facets: ['branch'] });
  return 'state' in next && next.state.due.branch !== undefined;
};

const isRetargeted = (state: IssueState, base: string): boolean => {
  const pullRequest = { ...pulled(state), base };
  const next = onPullRequestOpened(
    { ...state, retargetFrom: 'old' },
    { type: 'pull-request-opened', pullRequest },
  );
  return 'state' in next && next.state.retargetFrom === undefined;
};

const totalKept = (known: string, found?: number): number | undefined => {
  const state = atMerge();
  const plain = { ...omit(pulled(state), 'foreign'), head: HEADS.onTop };
  const before = { ...state, pullRequest: { ...plain, foreign: foreignAt(known) } };
  const foreign = found === undefined ? {} : { foreign: { ...foreignAt(HEADS.onTop), total: found } };
  return onPullRequest(before, { ...plain, ...foreign }).state.pullRequest?.foreign?.total;
};

const mergeCause = (isSent: boolean): string | undefined => {
  const state = atMerge();
  const found = pulled(state);
  const mergeSent = { head: isSent ? found.head : HEADS.further, by: ANN };
  return onPullRequest({ ...state, mergeSent }, { ...found, state: 'closed', merged: BOT }).note?.cause;
};

export const LATE_NEWS_PROBES: readonly Probe[] = [
  ...LATE.map(event =>
    check(`OUTLIVES.${event.type} is taken after the end`, () => {
      const { state } = new Scene(AUTO).until('merge').decide('ann', { kind: 'cancel' }).flow().world;
      const refused = after(state, event).audit.records.filter(({ cause }) => cause.includes('has ended'));
      must('20 over', refused.length === 0, `${event.type} is refused after the end`);
    }),
  ),
  check('isMergedByPerson tells bots from people', () => {
    must('16 audit', !isMergedByPerson(BOT), 'a bot counts as a person');
    must('16 audit', isMergedByPerson({ commit: 'c', by: 'ben', type: 'User' }), 'a person counts as a bot');
  }),
  check('isTargetMissing has the branch read', () => {
    const state = atMerge();
    must('21 told', isTargetRead(state, true), 'a missing target is not read');
    must('21 told', !isTargetRead(state, undefined), 'a known target is read');
  }),
  check('withBase ends the change of the target', () => {
    const state = atMerge();
    const claim = { ...present(state.claim, 'claim'), into: 'stable/v1' };
    must('21 told', isRetargeted(state, 'main'), 'the default branch is no target');
    must('21 told', !isRetargeted(state, 'other'), 'another base counts as the target');
    must('21 told', isRetargeted({ ...state, claim }, 'stable/v1'), 'the base is not the target');
  }),
  check('withForeignKept keeps the commits of a head', () => {
    must('21 told', totalKept(HEADS.onTop) === 1, 'commits of the same head are forgotten');
    must('21 told', totalKept(HEADS.onTop, 2) === 2, 'what was read is not taken');
    must('21 told', totalKept(HEADS.further) === undefined, 'commits of another head are kept');
  }),
  check('isOurs tells our merge', () => {
    must('16 audit', mergeCause(true) === 'merged with the approved head', 'our merge is not ours');
    must('16 audit', mergeCause(false)?.includes('mergify') === true, 'a merge of others is ours');
  }),
];
