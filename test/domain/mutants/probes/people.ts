/** Decisions, news, ends and faults: whose decisions count, what is read, what remains. */
import { DECISION_KINDS } from '../../../../src/domain/decision.ts';
import { projection } from '../../../../src/domain/projection.ts';
import { viewOf } from '../../../../src/domain/view.ts';
import { checkNames } from '../../model/names.ts';
import { issueOf } from '../../life/fixtures.ts';
import { NOBODIES } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { say } from '../../life/people.ts';
import { AUTO, type Probe, probe, type Scene } from '../scene.ts';

const EVERY = DECISION_KINDS.map(kind => ({ kind }));

/** Each decision without arguments, twice: most make no sense there. */
function everything(life: Scene): Scene {
  for (const request of [...EVERY, ...EVERY].filter(({ kind }) => kind !== 'cancel'))
    life.decide('ann', request);
  life.decide('ann', { kind: 'pause' }).decide('ben', { kind: 'pause' }).decide('ann', { kind: 'resume' });
  life.decide('ann', { kind: 'resume' });
  return life.decide('ann', { kind: 'resume' }).decide('ann', { kind: 'retry' }).flow();
}

export const PEOPLE_PROBES: readonly Probe[] = [
  ...NOBODIES.map(name =>
    probe(`comments of ${name}`, { signOff: 'low' }, life => {
      life.until('start').comment(name).flow();
      for (const kind of ['pause', 'escalate', 'cancel', 'reject'] as const)
        life.comment(name, { kind }).flow();
      life.until('merge').comment(name).flow();
    }),
  ),
  probe('comments of people', { signOff: 'low' }, life => {
    life.until('start').comment('ann').flow().comment('ben').flow().comment('ann').flow();
    life.comment('ann', { kind: 'pause' }).flow();
  }),
  probe('a comment is read twice', {}, life => {
    life
      .until('start')
      .do(world => world.push({ type: 'poked', facets: ['comments'] }))
      .flow();
    life.comment('robot').act('the upkeep is done').act('a look comes late').flow();
    life.comment('ann', { kind: 'pause' }).act('the upkeep is done').act('a look comes late').flow();
    life.decide('ann', { kind: 'resume' }).flow();
  }),
  probe('a comment has several commands', {}, life => {
    const pause = { kind: 'pause', reason: 'so' } as const;
    const unclear = 'more than its words';
    const speak = (...commands: Parameters<typeof say>[2]): Scene =>
      life
        .do(world => say(world, 'ann', commands))
        .poked()
        .flow();
    life.until('start');
    speak({ request: pause }, { request: { kind: 'resume' } }, { request: pause });
    must('21 heard', life.world.state.paused !== undefined, 'the third command is not taken');
    speak({ request: { kind: 'resume' }, unclear }, { request: { kind: 'retry' } });
    must('9 command', life.world.state.paused !== undefined, 'an unclear command is taken');
    const answers = life.world.state.answers?.map(({ id, taken }) => `${id} ${taken}`).join();
    const wanted = 'comment-1 true,comment-1.1 true,comment-1.2 true,comment-2 false,comment-2.1 false';
    must('21 told', answers === wanted, `the answers are ${answers ?? ''}`);
    speak(
      { request: { kind: 'pause' }, unclear },
      { request: { kind: 'verify-release' } },
      { request: { kind: 'resume' } },
    );
    const told =
      projection(life.world.state)
        .comment.match(/^- refused: .*$/gm)
        ?.join('\n') ?? '';
    must(
      '21 shown',
      /\/pause.*more than its words\n.*\/verify-release.*nothing is merged/.test(told),
      `told: ${told}`,
    );
    must(
      '21 shown',
      viewOf(life.world.state).refusedDecision?.includes('; /verify-release') === true,
      'the view hides one',
    );
    life
      .do(world => say(world, 'reader', [{ request: { kind: 'resume' }, unclear }]))
      .poked()
      .flow();
    must(
      '9 role',
      life.world.state.refusedDecision?.why.includes('role') === true,
      'the role is not asked first',
    );
  }),
  probe('the text is edited and restored', [{ signOff: 'low' }, { ...AUTO, publish: 'always' }], life => {
    for (const gate of ['start', 'publish', 'merge', 'release'] as const) {
      life.until(gate);
      const { digest } = life;
      life.told('the issue is edited and restored').flow();
      life.decide('ann', { kind: 'approve', digest }).comment('ann', { kind: 'approve', digest }).flow();
      life.told('the risk is labelled', 0).flow();
      life.approve().told('the issue is edited and restored').flow().approve().flow();
    }
  }),
  probe('the text is edited between the question and the answer', {}, life => {
    life.until('start').told('the issue is edited and restored').flow().told('the issue is edited', 1).flow();
    const texts = life.guard.records
      .map(({ cause }) => cause)
      .filter(cause => cause.startsWith('the issue was'));
    const wanted = 'the issue was read,the issue was edited and restored,the issue was edited';
    must('16 audit', texts.join() === wanted, `the records are ${texts.join()}`);
    const { digest } = life;
    life.act('the issue is edited', 2).comment('ann', { kind: 'approve', digest }).flow();
    must('7 fresh', life.world.state.approvals.length === 0, 'an approval of the text before is taken');
  }),
  probe('a decision is delivered twice', {}, life => {
    const by = { kind: 'person', login: 'ann', how: 'temporal' } as const;
    const decision = { kind: 'pause', id: 'one', source: 'temporal', by } as const;
    life.until('start').event({ type: 'decision', decision }).decide('ann', { kind: 'resume' });
    life.event({ type: 'decision', decision }).flow();
  }),
  probe('the answers to decisions are kept', {}, life => {
    life.until('start').decide('ann', { kind: 'pause' }).decide('ann', { kind: 'pause' });
    const taken = (life.world.state.answers ?? []).map(answer => answer.taken).slice(-2);
    must('21 told', taken.join() === 'true,false', `the answers are ${taken.join()}`);
  }),
  probe('a rule decides', {}, life => {
    const by = { kind: 'rule', name: 'strange' } as const;
    life.until('start');
    life.event({ type: 'decision', decision: { kind: 'pause', id: 'x', source: 'temporal', by } });
  }),
  probe('a comment arrives although the policy excludes GitHub', { sources: ['temporal'] }, life =>
    life.until('start').comment('ann').flow(),
  ),
  probe('an update arrives although the policy excludes Temporal', { sources: ['github'] }, life =>
    life.until('start').approve().flow().comment('ann').flow(),
  ),
  probe('approvals name no digest, a short one, a wrong one, another gate', { signOff: 'low' }, life => {
    for (const gate of ['start', 'merge', 'release'] as const) {
      life.until(gate);
      const hex = life.digest.replace('sha256:', '');
      life.decide('ann', { kind: 'approve' }).decide('ann', { kind: 'approve', digest: hex.slice(0, 11) });
      life.decide('ann', { kind: 'approve', digest: '0123456789ab' });
      life.decide('ann', { kind: 'approve', digest: hex.slice(4, 20) });
      life.decide('ann', { kind: 'approve', gate: 'publish', digest: hex }).flow();
      life.decide('ann', { kind: 'approve', gate, digest: hex.slice(0, 12) }).flow();
    }
  }),
  probe('an approval arrives while no gate is open', AUTO, life => {
    life.untilEffect('run-agent').decide('ann', { kind: 'approve', digest: '0123456789ab' });
    life.decide('ann', { kind: 'reject' }).until();
  }),
  probe('everything is decided at the start gate', {}, life => everything(life.until('start'))),
  probe('everything is decided after the merge', { ...AUTO, verify: 'deployment' }, life =>
    everything(life.until()),
  ),
  probe('a retry during a pause, an escalation and a block', AUTO, life => {
    life.untilEffect('build-change').decide('ann', { kind: 'pause' }).decide('ann', { kind: 'retry' });
    life.decide('ann', { kind: 'resume' }).decide('ann', { kind: 'escalate', reason: 'help' });
    life.decide('ann', { kind: 'resume' }).act('the effect fails for good', 0);
    life.decide('ann', { kind: 'resume' }).decide('ann', { kind: 'retry' }).until();
  }),
  probe('it is escalated with and without a name', AUTO, life => {
    life.untilEffect('run-agent').decide('ann', { kind: 'escalate', reason: 'help', to: 'zoe' }).flow();
    life.decide('ann', { kind: 'resume' }).flow().decide('ann', { kind: 'escalate' }).flow();
  }),
  ...(
    ['claim-branch', 'run-agent', 'build-change', 'push-commit', 'open-pull-request', 'merge'] as const
  ).flatMap(kind => [
    probe(`it is paused before ${kind}`, AUTO, life => stopped(life, kind, 'pause')),
    probe(`it is escalated before ${kind}`, AUTO, life => stopped(life, kind, 'escalate')),
    probe(`${kind} fails for good`, AUTO, life => {
      until(life, kind).act('the effect fails for good', 1).flow();
      life.decide('ann', { kind: 'resume' }).flow().decide('ann', { kind: 'retry' }).until();
    }),
    probe(`news arrives before ${kind}`, AUTO, life => {
      until(life, kind, true);
      life.event({ type: 'poked', facets: ['issue', 'comments', 'pull-request'] });
      life.flow().until();
    }),
    probe(`it is cancelled during ${kind}`, AUTO, life => {
      until(life, kind).act('the effect is done').decide('ann', { kind: 'cancel' });
      life.act('the effect answers').flow();
    }),
    probe(`it is cancelled during ${kind}, without an answer`, AUTO, life => {
      until(life, kind).act('the effect is done').decide('ann', { kind: 'cancel' });
      life.act('the effect ends as cancelled').flow();
    }),
    probe(`the opt-in is removed before ${kind}`, AUTO, life =>
      until(life, kind).told('the opt-in changes', 0).flow().told('the opt-in changes', 1).until(),
    ),
  ]),
  probe('the artifacts of a run are lost', AUTO, life => {
    life.untilEffect('verify-change');
    life.event({ type: 'timer' }).fail('ArtifactMissing').flow().decide('ann', { kind: 'retry' }).until();
  }),
  probe('answers of other effects arrive', AUTO, life => {
    for (const kind of ['claim-branch', 'run-agent', 'build-change', 'push-commit'] as const) {
      life.untilEffect(kind);
      for (let n = 0; n < 8; n++) life.act('the answer of another effect comes', n);
      for (const type of ['step-failed', 'step-cancelled', 'step-lost'] as const)
        life.event({
          type,
          effect: { kind: 'close-issue', reason: 'completed' },
          failure: 'Unexpected',
          message: 'strange',
        });
      life.event({ type: 'step-started', effect: { kind: 'close-issue', reason: 'completed' } });
    }
    life.until();
  }),
  probe('a claim is answered twice', AUTO, life => {
    life.untilEffect('run-agent').forge({ sent: { kind: 'claim-branch', branch: 'b', base: 'c' } });
    life.event({ type: 'claimed', branch: 'ai/issue-7-other', base: 'base-9' });
  }),
  probe('a merge is answered twice', AUTO, life => {
    life.until('merge').approve().untilEffect('check-release');
    const { mergeSent, merge } = life.world.state;
    const by = { kind: 'rule', name: 'x' } as const;
    const approval = { gate: 'merge', digest: 'sha256:x', bound: {}, by, at: 0 } as const;
    const sent = { kind: 'merge', number: 70, head: merge?.head ?? '', approval, title: '' } as const;
    life.forge({ sent, ...(mergeSent ? { mergeSent } : {}) });
    life.event({ type: 'merged', commit: 'another', head: merge?.head ?? '' });
  }),
  probe('the issue is closed before the merge', [AUTO, {}], life =>
    life.flow().told('the issue is closed or reopened', 0).flow(),
  ),
  probe('the issue is closed during the run', AUTO, life =>
    life.untilEffect('run-agent').told('the issue is closed or reopened', 0).flow(),
  ),
  probe('a spike is done and edited', { mode: 'spike' }, life =>
    life.until().told('the issue is edited', 1).flow(),
  ),
  probe('the issue is edited during a look', AUTO, life => {
    life
      .until('merge')
      .event({ type: 'poked', facets: ['issue'] })
      .act('the upkeep is done');
    life.github({ issue: issueOf({ edition: 2 }) }).event({ type: 'poked', facets: ['issue'] });
    life.act('the upkeep answers').flow();
  }),
  probe('looks are forbidden', AUTO, life => {
    life
      .until('merge')
      .event({ type: 'poked', facets: ['issue'] })
      .act('the upkeep fails for good')
      .flow();
    life
      .approve()
      .flow()
      .event({ type: 'poked', facets: ['issue'] })
      .flow();
    life.decide('ann', { kind: 'retry' }).flow();
  }),
  probe('archiving is forbidden', AUTO, life => {
    life.until('merge').decide('ann', { kind: 'cancel' });
    life.do(world => world.land());
    for (let n = 0; n < 6; n++) {
      if (life.world.upkeep?.upkeep.kind === 'archive-audit') life.act('the upkeep fails for good');
      else life.act('the answers come');
    }
  }),
  probe('no one acts on a gate', [{}, { signOff: 'low', ...AUTO }], life => {
    life.until('merge');
    for (let timers = 0; timers < 5; timers++) life.event({ type: 'timer' }).act('the wait is over').flow();
  }),
  probe('names decide nothing', [{}, { signOff: 'low', ...AUTO }], life => {
    checkNames(life.flow().world.state);
    checkNames(life.until('merge').world.state);
    checkNames(life.until('release').world.state);
  }),
];

/** Until this effect is in flight, or right before it starts. */
function until(life: Scene, kind: string, isBefore = false): Scene {
  if (kind === 'merge') life.until('merge').approve();
  if (!isBefore || kind !== 'merge')
    life.untilEffect(BEFORE[kind] !== undefined && isBefore ? BEFORE[kind] : kind);
  return life;
}

const BEFORE: Readonly<Record<string, string>> = {
  'claim-branch': 'read-policy',
  'run-agent': 'claim-branch',
  'push-commit': 'assemble-evidence',
  'open-pull-request': 'push-commit',
};

function stopped(life: Scene, kind: string, how: 'pause' | 'escalate'): Scene {
  return until(life, kind, true)
    .decide('ann', { kind: how })
    .flow()
    .decide('ann', { kind: 'resume' })
    .until();
}
