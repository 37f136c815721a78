/** What people are shown matches the state, everywhere they read it. */
import { shortDigest } from '../../../../src/domain/digest.ts';
import { projection, searchFacts } from '../../../../src/domain/projection.ts';
import { omit } from '../../../../src/domain/omit.ts';
import { pullRequestBody } from '../../../../src/domain/pull-request-text.ts';
import { pullRequestTitle } from '../../../../src/domain/pull-request-title.ts';
import type { EvidenceBrief } from '../../../../src/domain/state/work.ts';
import { shownOf } from '../../../../src/domain/shown.ts';
import { TroubleError, troubleLine } from '../../../../src/domain/trouble.ts';
import { issueStory, viewOf } from '../../../../src/domain/view.ts';
import { checkOf, issueOf } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { AUTO, check, type Probe, Scene, type Setting } from '../scene.ts';

class Named extends TroubleError {}

const commentOf = (life: Scene): string => projection(life.world.state).comment;

function shows(text: string, ...parts: readonly string[]): void {
  for (const part of parts) must('21 shown', text.includes(part), `“${part}” is not in “${text}”`);
}

/** Field by field, as JSON. */
function tells(told: object, wanted: Readonly<Record<string, unknown>>): void {
  for (const [field, due] of Object.entries(wanted)) {
    const was = JSON.stringify((told as Readonly<Record<string, unknown>>)[field]);
    must('21 shown', was === JSON.stringify(due), `${field} is ${was}`);
  }
}

const at = (gate: string, setting: Setting = AUTO): Scene => new Scene(setting).until(gate);

const CHECK = checkOf({ passed: false, exitCode: 3 });
const BRIEF: EvidenceBrief = {
  contract: 'sha256:c',
  proven: ['npm test'],
  skipped: ['lint'],
  remainingRisks: ['the cache'],
  stopConditionsMet: ['the API must change'],
  workerCommands: { ran: 4, failed: 1 },
  owed: ['a deployment'],
};

/** At the merge gate, with everything that a reviewer can see. */
function reviewable() {
  const { state } = at('merge').world;
  const { evidence, verification, subject, change, claim } = state;
  if (!evidence || !verification || !subject || !change || !claim)
    throw new Error('there is nothing to review');
  return {
    ...state,
    change,
    claim,
    subject: { ...subject, labels: ['ai', 'security'] },
    evidence: { ...evidence, concerns: ['it was flaky'], brief: BRIEF },
    verification: { ...verification, checks: [CHECK] },
  };
}

export const SHOWN_PROBES: readonly Probe[] = [
  check('the status comment at a gate', () => {
    const other = { lines: 3, begins: 'Hello' };
    const lacking = { missing: ['Non-goals'], unclear: ['Mode: one of …'], other };
    const contract = { ...issueOf().contract, ...lacking };
    const start = at('start', { github: { issue: issueOf({ contract }) } });
    shows(
      commentOf(start),
      'Held at the start gate',
      'To do for the author, ann',
      'Non-goals',
      'clarify: Mode',
      'the agent also reads this: 3 lines belong to no field of the contract: “Hello”',
    );
    const merge = at('merge').decide('ann', { kind: 'resume' }).act('the wait is over').flow();
    const { evidence } = merge.world.state;
    const shown = commentOf(merge);
    shows(
      shown,
      '(reminded)',
      '/approve merge',
      'refused: `/resume` by ann',
      'no concerns',
      'pull request #70',
    );
    shows(shown, `evidence \`${shortDigest(evidence?.digest ?? 'sha256:')}\``);
    shows(projection(merge.world.state).labels.join(), 'ai:risk-low', 'ai:gate-merge');
    tells(searchFacts(merge.world.state), {
      stage: 'pr',
      hold: 'gate:merge',
      waitingOn: 'someone with the role write',
      risk: 'low',
      mode: 'auto-run',
      generation: 1,
      attempt: 1,
    });
    must('21 shown', shown.includes('risk low\n'), 'a risk without reasons has some');
    const risky = at('start', { github: { issue: issueOf({ labels: ['ai', 'security'] }) } });
    must('21 shown', /risk high \(.*security.*\)\n/.test(commentOf(risky)), 'a risk has no reasons');
    const worried = at('publish', { ...AUTO, run: { concern: true } });
    worried.approve().until('merge');
    shows(commentOf(worried), '1 concerns');
  }),
  check('the status comment about runs', () => {
    const life = new Scene({ ...AUTO, run: { ending: 'lost' } }).untilEffect('run-agent');
    shows(
      commentOf(life),
      'In progress: run-agent.',
      'run `g1-a1` in progress',
      'up to 1.0000 USD reserved for the current run',
    );
    life.act('the host is lost').untilEffect('run-agent').run({ ending: 'blocked' }).flow();
    shows(commentOf(life), 'runs lost with their host: 1', 'run `g1-a2`: blocked: did blocked', 'spent: ');
    must('21 shown', !commentOf(life).includes('reserved for'), 'money is reserved for a run that has ended');
    tells(searchFacts(life.world.state), { hold: 'blocked', attempt: 2 });
    const analysis = new Scene({ mode: 'analysis', run: { ending: 'analysis' } }).until().world.state;
    const [run] = analysis.runs;
    if (run?.end === undefined) throw new Error('there was no analysis');
    const told = { ...analysis, runs: [{ ...run, end: { ...run.end, account: 'it is the cache' } }] };
    shows(projection(told).comment, 'Ended: delivered.', 'Report of run `g1-a1`', 'it is the cache');
  }),
  check('the status comment after a merge', () => {
    const life = at('merge', { ...AUTO, verify: 'deployment', owner: 'ann' })
      .approve()
      .flow();
    const shown = commentOf(life);
    shows(
      shown,
      'Waiting for: deployment.',
      'merged as `',
      'by ann; release owner: ann',
      'the release still needs: ',
    );
    life.decide('ann', { kind: 'verify-release' }).flow();
    shows(commentOf(life), 'Ended: release-verified.');
    must(
      '21 shown',
      !commentOf(life).includes('release still needs'),
      'a verified release still owes something',
    );
    must(
      '21 shown',
      projection(life.world.state).labels.join() === 'ai:risk-low',
      'a label of a hold remains',
    );
  }),
  check('the pull request text', () => {
    const state = reviewable();
    const { subject, change, claim, evidence } = state;
    const body = pullRequestBody(state);
    shows(pullRequestTitle(state), subject.title, '(#7)');
    shows(body, 'risk: **high** (', 'concern: it was flaky', 'failed (exit 3), **not as expected**');
    shows(
      body,
      'passes after it: npm test',
      'not checked: lint',
      'according to the agent: the cache',
      'a deployment',
    );
    shows(body, '4, of which 1 failed', ...[change.commit, claim.base, evidence.digest]);
    const bare = { ...state, verification: { commit: change.commit, checks: [] } };
    shows(pullRequestBody(bare), 'has no verification command');
  }),
  check('the view of an issue', () => {
    const life = at('merge').decide('ann', { kind: 'resume' });
    const step = life.step();
    const { state } = life.world;
    const { evidence, runs } = state;
    if (step.kind !== 'hold' || evidence === undefined) throw new Error('it is not at the merge gate');
    const view = viewOf(state);
    tells(view, {
      stage: 'pr',
      hold: step.hold,
      until: step.until,
      rung: 'fresh',
      waitingOn: step.hold.who,
      evidence: { digest: evidence.digest, concerns: [] },
      merge: null,
      runs: 1,
      title: issueOf().title,
      policy: state.policy?.digest,
      subject: state.subject?.digest,
      refusedDecision: '/resume by ann: the issue is neither paused nor escalated',
    });
    tells(view.run ?? {}, { runId: 'g1-a1', ending: 'patch', summary: runs[0]?.end?.summary });
    const { merge } = life.approve().flow().world.state;
    tells(viewOf(life.world.state), {
      stage: 'release-verified',
      hold: null,
      merge: { commit: merge?.commit, at: merge?.at },
    });
  }),
  check('what GitHub should show', () => {
    const { state } = at('merge').world;
    const view = viewOf(state);
    const { labels, marker } = projection(state);
    tells({ shown: shownOf(state.issue, view) }, { shown: { labels, marker } });
    const moving = { ...view, hold: null };
    for (const [waitingOn, isShown] of [
      ['run-agent', true],
      ['deployment', true],
      ['soak', true],
      ['nothing', true],
      ['look', false],
      ['verify-change', false],
      ['close-issue', false],
    ] as const)
      tells(
        { [waitingOn]: shownOf(state.issue, { ...moving, waitingOn }) !== undefined },
        { [waitingOn]: isShown },
      );
    for (const missing of [{ policy: null }, { subject: null }])
      tells({ shown: shownOf(state.issue, { ...view, ...missing }) ?? null }, { shown: null });
    tells(issueStory(state), { answers: state.answers ?? [] });
    tells(issueStory(omit(state, 'answers')), { answers: [] });
  }),
  check('a problem and its fix in one line', () => {
    tells(
      { text: new Named('broken').trouble, both: new Named({ what: 'broken', fix: 'mend it' }).trouble },
      { text: { what: 'broken' }, both: { what: 'broken', fix: 'mend it' } },
    );
    tells(
      {
        both: troubleLine({ what: 'a', fix: 'b' }),
        none: troubleLine({ what: 'a' }),
        empty: troubleLine({ what: 'a', fix: '' }),
      },
      { both: 'a. Fix: b', none: 'a', empty: 'a' },
    );
  }),
];
