/** Single events in chosen moments of a life: what each must change, and what it must leave alone. */
import type { EventBody } from '../../../../src/domain/event.ts';
import { evolve } from '../../../../src/domain/evolve/evolve.ts';
import type {
  Observation,
  ObservedCommand,
  ObservedPullRequest,
} from '../../../../src/domain/observation.ts';
import { omit } from '../../../../src/domain/omit.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { Effect } from '../../../../src/domain/step.ts';
import { nextUpkeep } from '../../../../src/domain/upkeep.ts';
import { issueOf, PEOPLE } from '../../life/fixtures.ts';
import { type Invariant, must } from '../../life/invariants.ts';
import { factsOf } from '../../life/known.ts';
import { type Probe, probe, Scene, type Setting } from '../scene.ts';

const AUTO = { mode: 'auto-run' } as const;
const DEPLOYED = { ...AUTO, verify: 'deployment' } as const;
const ANN = { kind: 'person', login: 'ann', how: 'temporal' } as const;
const check = (name: string, play: () => void): Probe => ({ name, play });

const after = (state: IssueState, event: EventBody, ms = 1): IssueState =>
  evolve(state, { ...event, at: state.at + ms });
const seen = (state: IssueState, part: Partial<Observation>): IssueState =>
  after(state, { type: 'observed', observation: { facets: [], ...part } });
const is = (invariant: Invariant, holds: boolean, what: string): void => must(invariant, holds, what);

const during = (kind: Effect['kind'], setting: Setting = AUTO): IssueState =>
  new Scene(setting).untilEffect(kind).world.state;
const atMerge = (): IssueState => new Scene(AUTO).until('merge').world.state;
const merged = (): IssueState => new Scene(DEPLOYED).until('merge').approve().flow().world.state;
const found = (state: IssueState): ObservedPullRequest => {
  const { pullRequest } = state;
  if (pullRequest === undefined) throw new Error('there is no pull request');
  return pullRequest;
};

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
const forbidden = (upkeep: 'look' | 'archive-audit'): EventBody => ({
  type: 'upkeep-failed',
  upkeep,
  failure: 'GitHubForbidden',
  message: 'may not',
});

function sentIn(state: IssueState): Effect {
  if (state.sent === undefined) throw new Error('nothing is in flight');
  return state.sent;
}

export const EVENT_PROBES: readonly Probe[] = [
  check('events come after the end', () => {
    const { state } = new Scene(AUTO).until('merge').decide('ann', { kind: 'cancel' }).flow().world;
    const retry = { kind: 'retry', id: 'late', source: 'temporal', by: ANN } as const;
    const news: readonly EventBody[] = [
      { type: 'observed', observation: { facets: ['issue'], issue: issueOf({ edition: 2 }) } },
      { type: 'poked', facets: ['issue'] },
      { type: 'timer' },
    ];
    for (const event of news) {
      const { audit } = after(state, event);
      is('20 over', audit.nextSeq === state.audit.nextSeq, `${event.type} leaves a record after the end`);
    }
    for (const event of [...news, { type: 'decision', decision: retry } as const])
      is('20 over', factsOf(after(state, event)) === factsOf(state), `${event.type} after the end`);
    is('21 ends', after(state, forbidden('archive-audit')).archiveStopped, 'it is archived for ever');
    const full = { ...atMerge(), cancelled: { by: ANN, reason: 'x' }, upkeepStopped: true };
    is('16 archived', nextUpkeep(full)?.kind === 'archive-audit', 'records are left behind');
    is('21 ends', nextUpkeep({ ...full, archiveStopped: true }) === undefined, 'it is archived for ever');
  }),
  check('what makes no sense leaves a record', () => {
    const state = during('run-agent');
    const { audit } = after(state, { type: 'issue-closed' });
    is('16 audit', audit.nextSeq === state.audit.nextSeq + 1, 'a refusal leaves no record');
    is(
      '16 audit',
      audit.records.at(-1)?.cause.startsWith('refused') === true,
      'it says nothing of a refusal',
    );
    const timed = after(state, { type: 'timer' });
    is('20 asked for', factsOf(timed) === factsOf(state), 'a timer changes what is in flight');
    is('18 replay', after(state, { type: 'timer' }, -1000).at >= state.at, 'time goes back');
  }),
  check('one look brings several acts', () => {
    const state = atMerge();
    const commands = [command(8, 'pause'), command(9, 'resume')];
    const next = seen(state, { comments: { commands, lastId: 12, status: null } });
    is('16 audit', next.audit.nextSeq === state.audit.nextSeq + 2, 'an act leaves no record');
    is('20 seen once', next.commentsReadTo === 12, 'it is not remembered what was read');
    is('20 seen once', next.decisionsSeen.includes('comment-9'), 'it is not remembered what was taken');
  }),
  check('what news is of', () => {
    const poked = (state: IssueState, facet: 'branch' | 'deployments'): IssueState =>
      after(state, { type: 'poked', facets: [facet] });
    const state = atMerge();
    is('19 read', poked(state, 'branch').due['pull-request'] !== undefined, 'a push is no news');
    is('19 read', !poked({ ...state, upkeepStopped: true }, 'branch').upkeepStopped, 'nothing is read again');
    const opening = poked(during('open-pull-request'), 'branch');
    is('19 read', opening.due['pull-request'] !== undefined, 'a push is no news while it is opened');
    const release = merged();
    is('6 release', poked(release, 'deployments').releaseDue, 'a deployment is no news');
    const sent = { ...state, mergeSent: { head: 'x', by: ANN } };
    is('6 release', poked(sent, 'deployments').releaseDue, 'a deployment is no news before the answer');
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
  check('what a look finds of the issue', () => {
    const state = atMerge();
    const closed = issueOf({ state: 'closed' });
    const back = seen({ ...state, gone: 'not-found' }, { issue: issueOf() });
    is('19 read', back.gone === undefined, 'it is gone although it is back');
    const over = seen(state, { issue: closed });
    is('19 read', over.cancelled !== undefined, 'it goes on although it is closed');
    is('19 read', over.due['pull-request'] !== undefined, 'it is not read whether it was merged');
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
  check('what a look finds of the pull request', () => {
    const state = atMerge();
    const pullRequest = found(state);
    const other = seen(state, { pullRequest: { ...pullRequest, number: 71 } });
    is('2 one pull request', other.pullRequest?.number === 70, 'another one is taken for ours');
    const by = { commit: 'by-hand', by: 'ben' };
    const blocked = { ...state, blocked: { reason: 'x', mend: 'y', since: 0 } };
    const done = seen(blocked, { pullRequest: { ...pullRequest, state: 'closed', merged: by } });
    is('21 in vain', done.blocked === undefined, 'it is blocked although it is merged');
    const again = { ...pullRequest, merged: { commit: 'another', by: 'ben' } } as const;
    is('4 one merge', seen(done, { pullRequest: again }).merge === done.merge, 'it is merged twice');
  }),
  check('what a push and its pull request leave', () => {
    const push = { kind: 'push-commit', branch: 'b', expected: 'e', commit: 'c' };
    const state = { ...atMerge(), sent: push as never };
    const commit = state.change?.commit ?? '';
    const next = after(
      { ...state, pushed: 'older', pullRequest: { ...found(state), head: 'older' } },
      { type: 'pushed', commit },
    );
    is('23 own', next.pushedBefore === 'older', 'what was there before is forgotten');
    is('23 own', next.pullRequest?.head === commit, 'our own push is held against us');
    is('7 looked first', next.due['pull-request'] !== undefined, 'the pull request is not read again');
    const opening = { ...state, sent: { kind: 'open-pull-request' } as never };
    const pullRequest = { ...found(state), head: 'foreign' };
    const opened = after(opening, { type: 'pull-request-opened', pullRequest });
    is('19 read', opened.due['pull-request'] !== undefined, 'one that is not as we left it is not read');
  }),
  check('answers that fit nothing', () => {
    const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
    const end = { ending: 'crashed', endedAt: 0, summary: 'strange', usage } as const;
    const ended = after(during('run-agent'), { type: 'run-ended', runId: 'g9-a9', end });
    is('21 told', ended.blocked !== undefined, 'nobody is told of the end of another run');
    const refused = after(during('build-change'), { type: 'change-refused', runId: 'g1-a1', refusals: [] });
    is('21 told', refused.blocked !== undefined, 'nobody is told of a refusal without a reason');
    const outdated = { type: 'change-outdated', runId: 'g1-a1', base: 'base-2', paths: [] } as const;
    const odd = after(during('build-change'), outdated);
    is('21 told', odd.blocked !== undefined, 'nobody is told of a change that no file outdated');
  }),
  check('how effects fail', () => {
    const state = during('verify-change');
    const effect = sentIn(state);
    const next = after(state, failed(effect, 'GitHubForbidden'));
    is('21 told', (next.blocked?.mend ?? '') !== '', 'nobody is told of a failure');
    is(
      '19 read',
      next.due['issue'] !== undefined && next.due['pull-request'] !== undefined,
      'nothing is read',
    );
    is('21 heard', after(state, failed(effect, 'ArtifactMissing')).blocked?.anew === true, 'no other run');
  }),
  check('how the merge is sent, and fails', () => {
    const { state } = new Scene(AUTO).until('merge').approve().untilEffect('merge').world;
    const effect = sentIn(state);
    if (effect.kind !== 'merge') throw new Error('no merge is in flight');
    is('4 one merge', state.mergeSent?.head === effect.head, 'it is forgotten what was asked for');
    for (const failure of ['ApproverLostRole', 'ReviewDismissed'] as const) {
      const next = after(state, failed(effect, failure));
      is(
        '9 role',
        next.approvals.every(({ digest }) => digest !== effect.approval.digest),
        `it still stands after ${failure}`,
      );
      is(
        '21 in vain',
        next.blocked === undefined,
        `it is blocked by ${failure} although it can be approved anew`,
      );
    }
  }),
  check('how hosts are lost', () => {
    const state = during('verify-change');
    const effect = sentIn(state);
    const strange = { kind: 'close-issue', reason: 'completed' } as const;
    const other = after(state, { type: 'step-lost', effect: strange });
    is('20 asked for', factsOf(other) === factsOf(state), 'what is not in flight is lost');
    const once = after(state, { type: 'step-lost', effect });
    is('21 limits', once.blocked === undefined, 'one loss is too many');
    const twice = after({ ...once, sent: effect }, { type: 'step-lost', effect });
    is('21 limits', twice.blocked !== undefined, 'hosts are lost without a limit');
  }),
  check('how upkeep is forbidden', () => {
    const state = after(atMerge(), { type: 'poked', facets: ['issue'] });
    const next = after(state, forbidden('look'));
    is('21 told', next.blocked !== undefined, 'nobody is told of what is forbidden');
    is('21 rests', next.upkeepStopped && !next.archiveStopped, 'what is forbidden goes on');
    is('21 ends', after(state, forbidden('archive-audit')).archiveStopped, 'it is archived for ever');
    is('21 rests', nextUpkeep(next) === undefined, 'what is forbidden is tried again');
    const over = { kind: 'cancel', id: 'over', source: 'temporal', by: ANN } as const;
    const stopped = { ...next, archiveStopped: true };
    const cancelled = after(stopped, { type: 'decision', decision: over });
    is('21 ends', !cancelled.upkeepStopped && !cancelled.archiveStopped, 'a cancel tries nothing again');
  }),
  check('how time goes by', () => {
    const gate = new Scene({}).until('start').world.state;
    const early = after(gate, { type: 'timer' }, 1000);
    is('21 ladder', early.held?.rung === 'fresh', 'a rung is left before its time');
    const waiting = merged();
    is('21 rests', after(waiting, { type: 'timer' }).releaseDue, 'a wait for a deployment ends with nothing');
  }),
  probe('a start is rejected after a run', {}, life =>
    life.until('merge').told('the issue is edited', 1).flow().decide('ann', { kind: 'reject' }).flow(),
  ),
  probe('it is paused while it is blocked, and goes on or ends', AUTO, life => {
    life.untilEffect('build-change').act('the effect fails for good', 0).decide('ann', { kind: 'pause' });
    life.decide('ann', { kind: 'resume' }).decide('ann', { kind: 'pause' });
    life.decide('ann', { kind: 'cancel' }).flow();
  }),
  probe('an analysis is cancelled during its run', { mode: 'analysis' }, life =>
    life.until('start').approve().untilEffect('run-agent').decide('ann', { kind: 'cancel' }).flow(),
  ),
  probe('a push is made and called off, and its answer never comes', AUTO, life =>
    life
      .until('merge')
      .review('ben', 'changes-requested')
      .untilEffect('push-commit')
      .act('the effect is done')
      .event({ type: 'poked', facets: ['pull-request'] })
      .act('the upkeep answers')
      .decide('ann', { kind: 'pause' })
      .act('the effect ends as cancelled')
      .flow()
      .decide('ann', { kind: 'resume' })
      .until(),
  ),
  probe('news comes in just before the push', AUTO, life =>
    life
      .untilEffect('assemble-evidence')
      .event({ type: 'poked', facets: ['issue'] })
      .act('the effect answers')
      .flow(),
  ),
  probe('the default branch moves, and the policy is read again', AUTO, life =>
    life
      .untilEffect('build-change')
      .act('the default branch moves', 2)
      .decide('ann', { kind: 'escalate' })
      .act('the effect ends as cancelled')
      .decide('ann', { kind: 'retry' })
      .until(),
  ),
];
