/** Checks of what people are shown: that it is what is believed, in each of the places where they read it. */
import { shortDigest } from '../../../../src/domain/digest.ts';
import { projection, searchFacts } from '../../../../src/domain/projection.ts';
import { pullRequestBody, pullRequestTitle } from '../../../../src/domain/pull-request-text.ts';
import type { CheckResult, EvidenceBrief } from '../../../../src/domain/state/work.ts';
import { viewOf } from '../../../../src/domain/view.ts';
import { issueOf } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { type Probe, Scene, type Setting } from '../scene.ts';

const AUTO = { mode: 'auto-run' } as const;
const check = (name: string, play: () => void): Probe => ({ name, play });
const commentOf = (life: Scene): string => projection(life.world.state).comment;

function shows(text: string, ...parts: readonly string[]): void {
  for (const part of parts) must('21 shown', text.includes(part), `“${part}” is not in “${text}”`);
}

/** Field by field, as JSON. */
function tells(told: object, wanted: Readonly<Record<string, unknown>>): void {
  for (const [field, due] of Object.entries(wanted)) {
    const was = JSON.stringify((told as Readonly<Record<string, unknown>>)[field]);
    must('21 shown', was === JSON.stringify(due), `${field} is told as ${was}`);
  }
}

const at = (gate: string, setting: Setting = AUTO): Scene => new Scene(setting).until(gate);

const CHECK: CheckResult = {
  name: 'test',
  command: 'npm test',
  on: 'head',
  expected: 'pass',
  passed: false,
  exitCode: 3,
  durationMs: 1,
  output: 'sha256:o',
};
const BRIEF: EvidenceBrief = {
  contract: 'sha256:c',
  proven: ['npm test'],
  skipped: ['lint'],
  remainingRisks: ['the cache'],
  stopConditionsMet: ['the API must change'],
  workerCommands: { ran: 4, failed: 1 },
  owed: ['a deployment'],
};

/** At the merge gate, with everything that a reviewer may be told of. */
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
  check('what is shown at a gate', () => {
    const lacking = { missing: ['Non-goals'], unclear: ['Mode: one of …'] };
    const contract = { ...issueOf().contract, ...lacking };
    const start = at('start', { github: { issue: issueOf({ contract }) } });
    shows(
      commentOf(start),
      'Held at the start gate',
      'To do for the author, ann',
      'Non-goals',
      'clarify: Mode',
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
    const worried = at('publish', { ...AUTO, run: { concern: true } });
    worried.approve().until('merge');
    shows(commentOf(worried), '1 concerns');
  }),
  check('what is shown of runs', () => {
    const life = new Scene({ ...AUTO, run: { ending: 'lost' } }).untilEffect('run-agent');
    shows(
      commentOf(life),
      'In progress: run-agent.',
      'run `g1-a1` in progress',
      'up to 1.0000 USD reserved for the current run',
    );
    life.act('the host is lost').untilEffect('run-agent').run({ ending: 'blocked' }).flow();
    shows(commentOf(life), 'runs lost with their host: 1', 'run `g1-a2`: blocked: did blocked', 'spent: ');
    must(
      '21 shown',
      !commentOf(life).includes('reserved for'),
      'money is set aside for a run that has ended',
    );
    tells(searchFacts(life.world.state), { hold: 'blocked', attempt: 2 });
    const analysis = new Scene({ mode: 'analysis', run: { ending: 'analysis' } }).until().world.state;
    const [run] = analysis.runs;
    if (run?.end === undefined) throw new Error('there was no analysis');
    const told = { ...analysis, runs: [{ ...run, end: { ...run.end, account: 'it is the cache' } }] };
    shows(projection(told).comment, 'Ended: delivered.', 'Report of run `g1-a1`', 'it is the cache');
  }),
  check('what is shown of a merge and an end', () => {
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
      'what is verified still owes something',
    );
    must(
      '21 shown',
      projection(life.world.state).labels.join() === 'ai:risk-low',
      'a label of a hold is left',
    );
  }),
  check('what a reviewer is shown', () => {
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
  check('what the view tells', () => {
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
];
