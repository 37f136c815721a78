/** Single events at chosen moments: what each must change, and what it must not change. */
import { readable } from '../../../../src/domain/due.ts';
import type { EventBody } from '../../../../src/domain/event.ts';
import type { FailureName } from '../../../../src/domain/failure.ts';
import type {
  Observation,
  ObservedCommand,
  ObservedPullRequest,
} from '../../../../src/domain/observation.ts';
import { omit } from '../../../../src/domain/omit.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { Effect } from '../../../../src/domain/step.ts';
import { nextUpkeep } from '../../../../src/domain/upkeep.ts';
import { viewOf } from '../../../../src/domain/view.ts';
import { issueOf, PEOPLE } from '../../life/fixtures.ts';
import { must as is } from '../../life/invariants.ts';
import { factsOf } from '../../life/known.ts';
import { after, AUTO, check, present, type Probe, probe, Scene, type Setting } from '../scene.ts';

const DEPLOYED = { ...AUTO, verify: 'deployment' } as const;
const ANN = { kind: 'person', login: 'ann', how: 'temporal' } as const;

const seen = (state: IssueState, part: Partial<Observation>): IssueState =>
  after(state, { type: 'observed', observation: { facets: [], ...part } });

const during = (kind: Effect['kind'], setting: Setting = AUTO): IssueState =>
  new Scene(setting).untilEffect(kind).world.state;
const atMerge = (): IssueState => new Scene(AUTO).until('merge').world.state;
const merged = (): IssueState => new Scene(DEPLOYED).until('merge').approve().flow().world.state;
const found = ({ pullRequest }: IssueState): ObservedPullRequest => present(pullRequest, 'pull request');

const command = (commentId: number, kind: 'pause' | 'resume'): ObservedCommand => ({
  commentId,
  author: PEOPLE.ann.account,
  role: PEOPLE.ann.role,
  edited: false,
  request: { kind },
});
const failed = (effect: Effect, failure: string): EventBody => ({
  type: 'step-failed',
  effect,
  failure,
  message: 'it cannot be',
});
const forbidden = (
  upkeep: 'look' | 'archive-audit' | 'project',
  failure: FailureName = 'GitHubForbidden',
) => ({
  type: 'upkeep-failed' as const,
  upkeep,
  failure,
  message: 'may not',
});

const sentIn = ({ sent }: IssueState): Effect => present(sent, 'effect in flight');

export const EVENT_PROBES: readonly Probe[] = [
  check('events arrive after the end', () => {
    const { state } = new Scene(AUTO).until('merge').decide('ann', { kind: 'cancel' }).flow().world;
    const retry = { kind: 'retry', id: 'late', source: 'temporal', by: ANN } as const;
    const news: readonly EventBody[] = [
      { type: 'observed', observation: { facets: ['issue'], issue: issueOf({ edition: 2 }) } },
      { type: 'poked', facets: ['issue'] },
      { type: 'ahead-given', id: 'x', before: [] },
      { type: 'timer' },
    ];
    for (const event of news) {
      const { audit } = after(state, event);
      is('20 over', audit.nextSeq === state.audit.nextSeq, `${event.type} leaves a record after the end`);
    }
    for (const event of [...news, { type: 'decision', decision: retry } as const])
      is('20 over', factsOf(after(state, event)) === factsOf(state), `${event.type} after the end`);
    is('21 ends', after(state, forbidden('archive-audit')).archiveStopped, 'archiving never stops');
    const full = { ...atMerge(), cancelled: { by: ANN, reason: 'x' }, upkeepStopped: true };
    is('16 archived', nextUpkeep(full)?.kind === 'archive-audit', 'records are not archived');
    is('21 ends', nextUpkeep({ ...full, archiveStopped: true }) === undefined, 'archiving never stops');
  }),
  check('one look contains several acts', () => {
    const state = atMerge();
    const commands = [command(8, 'pause'), command(9, 'resume')];
    const next = seen(state, { comments: { commands, lastId: 12, status: null } });
    is('16 audit', next.audit.nextSeq === state.audit.nextSeq + 2, 'an act leaves no record');
    is('20 seen once', next.commentsReadTo === 12, 'the read comments are not remembered');
    is('20 seen once', next.decisionsSeen.includes('comment-9'), 'the accepted decision is not remembered');
  }),
  check('news by facet', () => {
    const poked = (state: IssueState, facet: 'branch' | 'deployments'): IssueState =>
      after(state, { type: 'poked', facets: [facet] });
    const state = atMerge();
    is('19 read', poked(state, 'branch').due['pull-request'] !== undefined, 'a push is ignored');
    is('19 read', !poked({ ...state, upkeepStopped: true }, 'branch').upkeepStopped, 'looks stay stopped');
    const opening = poked(during('open-pull-request'), 'branch');
    is(
      '19 read',
      opening.due['pull-request'] !== undefined,
      'a push is ignored while the pull request is opened',
    );
    const release = merged();
    is('6 release', poked(release, 'deployments').releaseDue, 'a deployment is ignored');
    const sent = { ...state, mergeSent: { head: 'x', by: ANN } };
    is(
      '6 release',
      poked(sent, 'deployments').releaseDue,
      'a deployment is ignored before the merge is answered',
    );
    const into = {
      ...release,
      releaseDue: true,
      sent: { kind: 'check-release', merge: 'm', into: 'main' },
    } as const;
    const read = poked(into, 'deployments');
    is('6 release', read.releaseNews === true, 'news is lost while the release is read');
    const answer = { onDefaultBranch: true, deployment: null, probes: [] };
    const known = after(read, { type: 'release-checked', release: answer });
    is('6 release', known.releaseDue, 'news is lost when the release was read');
    const unread = omit({ ...state, blocked: { reason: 'x', mend: 'y', since: 0 } }, 'policy');
    is('21 heard', poked(unread, 'branch').blocked === undefined, 'it stays blocked without a policy');
  }),
  check('the issue in a look', () => {
    const state = atMerge();
    const closed = issueOf({ state: 'closed' });
    const back = seen({ ...state, gone: 'not-found' }, { issue: issueOf() });
    is('19 read', back.gone === undefined, 'it is gone although it returned');
    const over = seen(state, { issue: closed });
    is('19 read', over.cancelled !== undefined, 'it continues although it is closed');
    is('19 read', over.due['pull-request'] !== undefined, 'the pull request is not read');
    const cancelled = { ...during('build-change'), cancelled: { by: ANN, reason: 'x' } };
    is('20 over', seen(cancelled, { issue: closed }).cancelled === cancelled.cancelled, 'it ends twice');
    const release = merged();
    const shut = seen(release, { issue: closed });
    is('21 sense', shut.cancelled === undefined, 'it is cancelled after the merge');
    is('6 closed last', shut.closedAt !== undefined, 'it is not known to be closed');
    is(
      '6 closed last',
      seen(shut, { issue: issueOf() }).closedAt === undefined,
      'it is not known to be open',
    );
  }),
  check('the pull request in a look', () => {
    const state = atMerge();
    const pullRequest = found(state);
    const other = seen(state, { pullRequest: { ...pullRequest, number: 71 } });
    is('2 one pull request', other.pullRequest?.number === 70, 'another pull request replaces ours');
    const by = { commit: 'by-hand', by: 'ben' };
    const blocked = { ...state, blocked: { reason: 'x', mend: 'y', since: 0 } };
    const done = seen(blocked, { pullRequest: { ...pullRequest, state: 'closed', merged: by } });
    is('21 in vain', done.blocked === undefined, 'it is blocked although it is merged');
    const again = { ...pullRequest, merged: { commit: 'another', by: 'ben' } } as const;
    is('4 one merge', seen(done, { pullRequest: again }).merge === done.merge, 'it is merged twice');
  }),
  check('the state after a push and its pull request', () => {
    const push = { kind: 'push-commit', branch: 'b', expected: 'e', commit: 'c' };
    const state = { ...atMerge(), sent: push as never };
    const commit = state.change?.commit ?? '';
    const next = after(
      { ...state, pushed: 'older', pullRequest: { ...found(state), head: 'older' } },
      { type: 'pushed', commit },
    );
    is('23 own', next.pushedBefore === 'older', 'the older commit is forgotten');
    is('23 own', next.pullRequest?.head === commit, 'our own push counts as foreign');
    is('7 looked first', next.due['pull-request'] !== undefined, 'the pull request is not read again');
    const opening = { ...state, sent: { kind: 'open-pull-request' } as never };
    const pullRequest = { ...found(state), head: 'foreign' };
    const opened = after(opening, { type: 'pull-request-opened', pullRequest });
    is('19 read', opened.due['pull-request'] !== undefined, 'a pull request with another head is not read');
  }),
  check('answers that match no effect', () => {
    const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
    const end = { ending: 'crashed', endedAt: 0, summary: 'strange', usage } as const;
    const ended = after(during('run-agent'), { type: 'run-ended', runId: 'g9-a9', end });
    is('21 told', ended.blocked !== undefined, 'the end of another run does not block it');
    const refused = after(during('build-change'), { type: 'change-refused', runId: 'g1-a1', refusals: [] });
    is('21 told', refused.blocked !== undefined, 'a refusal without a reason does not block it');
    const outdated = { type: 'change-outdated', runId: 'g1-a1', base: 'base-2', paths: [] } as const;
    const odd = after(during('build-change'), outdated);
    is('21 told', odd.blocked !== undefined, 'an outdated change without a path does not block it');
  }),
  check('effects fail', () => {
    const state = during('verify-change');
    const effect = sentIn(state);
    const next = after(state, failed(effect, 'GitHubForbidden'));
    is('21 told', (next.blocked?.mend ?? '') !== '', 'a failure has no fix');
    is(
      '19 read',
      next.due['issue'] !== undefined && next.due['pull-request'] !== undefined,
      'nothing is due',
    );
    is('21 heard', after(state, failed(effect, 'ArtifactMissing')).blocked?.anew === true, 'no other run');
    const sequel = (failure: FailureName): string => {
      const { anew, lesson, rebuild } = after(state, failed(effect, failure)).blocked ?? {};
      return JSON.stringify([anew === true, lesson === true, rebuild === true]);
    };
    for (const failure of ['SignatureRequired', 'CommitTextRefused'] as const)
      is('21 heard', sequel(failure) === '[false,false,true]', `${failure}: the commit stays as it is`);
    for (const failure of ['SecretInChange', 'FilesRefused'] as const)
      is('21 heard', sequel(failure) === '[true,true,false]', `${failure}: the next attempt is not told`);
    is('21 heard', sequel('ArtifactMissing') === '[true,false,false]', 'a lost artifact is a lesson');
    for (const failure of ['GitHubForbidden', 'BranchRefused'] as const)
      is('21 heard', sequel(failure) === '[false,false,false]', `${failure}: the change is made again`);
  }),
  check('the merge is sent and fails', () => {
    const { state } = new Scene(AUTO).until('merge').approve().untilEffect('merge').world;
    const effect = sentIn(state);
    if (effect.kind !== 'merge') throw new Error('no merge is in flight');
    is('4 one merge', state.mergeSent?.head === effect.head, 'the requested head is forgotten');
    for (const failure of ['ApproverLostRole', 'ReviewDismissed'] as const) {
      const next = after(state, failed(effect, failure));
      is(
        '9 role',
        next.approvals.every(({ digest }) => digest !== effect.approval.digest),
        `the approval is still valid after ${failure}`,
      );
      is('21 in vain', next.blocked === undefined, `${failure} blocks it`);
    }
  }),
  check('hosts are lost', () => {
    const state = during('verify-change');
    const effect = sentIn(state);
    const strange = { kind: 'close-issue', reason: 'completed' } as const;
    const other = after(state, { type: 'step-lost', effect: strange });
    is('20 asked for', factsOf(other) === factsOf(state), 'an effect that is not in flight is lost');
    const once = after(state, { type: 'step-lost', effect });
    is('21 limits', once.blocked === undefined, 'one loss blocks it');
    const twice = after({ ...once, sent: effect }, { type: 'step-lost', effect });
    is('21 limits', twice.blocked !== undefined, 'hosts are lost without a limit');
  }),
  check('upkeep is forbidden', () => {
    const state = after(atMerge(), { type: 'poked', facets: ['issue'] });
    const next = after(state, forbidden('look'));
    is('21 told', next.blocked !== undefined, 'a forbidden look does not block it');
    is('21 rests', next.upkeepStopped && !next.archiveStopped, 'a forbidden look is repeated');
    is('21 ends', after(state, forbidden('archive-audit')).archiveStopped, 'archiving never stops');
    is('21 rests', nextUpkeep(next) === undefined, 'a forbidden look is repeated');
    const over = { kind: 'cancel', id: 'over', source: 'temporal', by: ANN } as const;
    const stopped = { ...next, archiveStopped: true };
    const cancelled = after(stopped, { type: 'decision', decision: over });
    is('21 ends', !cancelled.upkeepStopped && !cancelled.archiveStopped, 'a cancel does not retry upkeep');
  }),
  check('others wrote more than a look reads', () => {
    const state = after(atMerge(), { type: 'poked', facets: ['issue'] });
    const next = after(state, forbidden('look', 'TooMuchToRead'));
    is('21 told', next.blocked !== undefined, 'a list that is too long does not block it');
    is('21 told', nextUpkeep(next)?.kind === 'project', 'nobody is told that a list is too long');
    is('21 rests', readable(next).length === 0, 'a list that is too long is read again and again');
    const poked = after(next, { type: 'poked', facets: ['issue'] });
    is('19 read', readable(poked).includes('issue'), 'news after a list that was too long is not read');
    const archive = after(state, forbidden('archive-audit', 'TooMuchToRead'));
    is('21 ends', archive.upkeepStopped && archive.archiveStopped, 'archiving never stops');
  }),
  check('GitHub refuses to show something', () => {
    const state: IssueState = { ...atMerge(), projected: { digest: 'sha256:0', commentId: 1, labels: [] } };
    const upkeep = nextUpkeep(state);
    if (upkeep?.kind !== 'project') throw new Error('nothing is to be shown');
    const { digest } = upkeep;
    const refused = { ...forbidden('project'), failure: 'GitHubInvalid', digest } as const;
    const next = after(state, refused);
    is('21 in vain', next.blocked === undefined && !next.upkeepStopped, 'what is not shown stops the issue');
    is('21 rests', nextUpkeep(next) === undefined, 'it is tried again');
    is('21 shown', viewOf(next).unshown !== undefined, 'nobody is told that it is not shown');
    is(
      '21 told',
      after(state, { ...refused, failure: 'GitHubForbidden' }).blocked !== undefined,
      'no one is told',
    );
    const shown = after(next, { type: 'projected', digest, commentId: 1, labels: [] });
    is('21 shown', viewOf(shown).unshown === undefined, 'it is shown, but said not to be');
  }),
  check('timers fire early and late', () => {
    const gate = new Scene({}).until('start').world.state;
    const early = after(gate, { type: 'timer' }, 1000);
    is('21 ladder', early.held?.rung === 'fresh', 'a hold climbs too early');
    const waiting = merged();
    is(
      '21 rests',
      after(waiting, { type: 'timer' }).releaseDue,
      'a wait for a deployment ends without a check',
    );
  }),
  probe('a cancelled push is never answered', AUTO, life => {
    life.until('merge').review('ben', 'changes-requested').untilEffect('push-commit');
    life.act('the effect is done').event({ type: 'poked', facets: ['pull-request'] });
    life.act('the upkeep answers').decide('ann', { kind: 'pause' }).act('the effect ends as cancelled');
    life.flow().decide('ann', { kind: 'resume' }).until();
  }),
  probe('news arrives just before the push', AUTO, life => {
    life.untilEffect('assemble-evidence').event({ type: 'poked', facets: ['issue'] });
    life.act('the effect answers').flow();
  }),
  probe('the default branch moves, and the policy is read again', AUTO, life => {
    life.untilEffect('build-change').act('the default branch moves', 2).decide('ann', { kind: 'escalate' });
    life.act('the effect ends as cancelled').decide('ann', { kind: 'retry' }).until();
  }),
];
