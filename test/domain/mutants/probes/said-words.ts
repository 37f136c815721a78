/** How commands are read from what people write: near words, near digests, lines where hidden text begins, and threads. */
import { commandsIn } from '../../../../src/domain/command.ts';
import { evolve } from '../../../../src/domain/evolve/evolve.ts';
import type { Observation } from '../../../../src/domain/observation.ts';
import { omit } from '../../../../src/domain/omit.ts';
import { quotedAnswer, questionsOpen } from '../../../../src/domain/quoted-answer.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { viewOf } from '../../../../src/domain/view.ts';
import { PEOPLE } from '../../life/fixtures.ts';
import { must, mustBe } from '../../life/invariants.ts';
import { AUTO, check, present, type Probe, Scene } from '../scene.ts';

const SHORT_DIGEST = '3f9a0c5d7e21';

function meant(comment: string): string {
  const [said] = commandsIn(comment);
  return said?.unclear ?? '';
}

/** With `/pause` in comment 3 of the pull request. */
function heardOnPull(
  state: IssueState,
  part: Partial<NonNullable<Observation['pullComments']>> = {},
): IssueState {
  const { account: author, role } = PEOPLE.ann;
  const said = { commentId: 3, author, role, edited: false, thread: 9, request: { kind: 'pause' } } as const;
  const pullComments = { commands: [said], readTo: { lastId: 3, count: 1, updatedAt: '' }, ...part };
  return evolve(state, {
    type: 'observed',
    observation: { facets: [], pullComments },
    at: state.at + 1,
  });
}

export const SAID_WORD_PROBES: readonly Probe[] = [
  check('a misspelt command', () => {
    for (const [said, kind] of [
      ['/pauze', '/pause'],
      ['/approved', '/approve'],
      [`/approve${SHORT_DIGEST}`, '/approve'],
      ['/pasue', '/pause'],
    ] as const)
      must('9 command', meant(said).includes(`did you mean ${kind}`), `${said} is not understood`);
    must('9 command', commandsIn('/improvement').length === 0, 'another word is taken for a command');
  }),
  check('a command with marks, other blanks or another slash', () => {
    for (const [said, command] of [
      ['- [ ] /pause', '/pause'],
      ['12. /adopt 1234567', '/adopt 1234567'],
      ['“/retry so”', '/retry so'],
      ['／pause', '/pause'],
      ['/ pause now', '/pause now'],
      ['/set mode guarded', '/set-mode guarded'],
      ['/set-mode(guarded)', '/set-mode guarded'],
      ['/escalate@ann', '/escalate @ann'],
      ['**/set mode guarded**', '/set-mode guarded'],
    ] as const)
      must(
        '9 command',
        RegExp(`(?:write|mean) ${command}(?:$|\\?)`).test(meant(said)),
        `${said}: ${meant(said)}`,
      );
    must('9 command', meant('／pause').startsWith('“／pause” is not'), meant('／pause'));
    must('9 command', meant('/ Pause now').startsWith('“/ Pause” is not'), meant('/ Pause now'));
    for (const other of [
      '/set modes',
      '/ pauses',
      '/mode(guarded)',
      `/${'pause'.repeat(8)}`,
      '    /pause',
      '-------/pause',
    ])
      must('9 command', commandsIn(other).length === 0, `${other} is taken for a command`);
  }),
  check('a reply that quotes the question', () => {
    const asked = ['', 'Is it EUR or that of the shop?'];
    const answer = (comment: string): unknown => quotedAnswer(comment, asked)[0]?.request;
    const request = { kind: 'answer', reason: 'EUR' };
    for (const quote of [
      '> *is it* eur or that of the shop',
      '> or that of the shop',
      '> so: Is it EUR, or that of the shop?',
    ])
      mustBe('21 heard', answer(`${quote}\n\nEUR`), request);
    for (const comment of ['> of the shop\n\nEUR', '> Is it EUR or that of the shop?', '> ?\n\nEUR', 'EUR'])
      mustBe('21 heard', answer(comment), undefined);
    mustBe('21 heard', questionsOpen(new Scene(AUTO).flow().world.state), []);
    const { state } = new Scene({ ...AUTO, run: { ending: 'needs-human' } }).flow().world;
    const runs = state.runs.map(run => ({
      ...run,
      end: { ...present(run.end, 'end'), questions: ['Which?'] },
    }));
    mustBe('21 heard', questionsOpen({ ...state, runs }), ['did needs-human', 'Which?']);
    const bare = state.runs.map(run => ({ ...run, end: omit(present(run.end, 'end'), 'questions') }));
    mustBe('21 heard', questionsOpen({ ...state, runs: bare }), ['did needs-human']);
  }),
  check('a digest with other characters around it', () => {
    const understood = meant(`/approve “${SHORT_DIGEST}”`).includes(`/approve ${SHORT_DIGEST}?`);
    must('9 command', understood, 'a digest in quotes is not understood');
    for (const other of [
      `“${SHORT_DIGEST}” and more`,
      `${SHORT_DIGEST}..${SHORT_DIGEST}`,
      `commit-is-${SHORT_DIGEST}`,
      `${'x'.repeat(120)}${SHORT_DIGEST}`,
      'it',
    ])
      must(
        '9 command',
        !meant(`/approve ${other}`).includes('did you mean'),
        `“${other}” is taken for a digest`,
      );
  }),
  check('a command on the line where hidden text begins', () => {
    const said = commandsIn('/pause <!-- because\n/cancel\n-->');
    must('9 command', said.length === 1 && said[0]?.request.kind === 'pause', 'it is not read');
  }),
  check('commands on the pull request', () => {
    const state = new Scene(AUTO).until('merge').world.state;
    const heard = heardOnPull(state);
    must('21 heard', heard.paused !== undefined, 'a command on the pull request is lost');
    const { paused, ...resumed } = heard;
    must(
      '20 seen once',
      paused !== undefined && heardOnPull(resumed).paused === undefined,
      'it counts twice',
    );
    must('19 read', heard.due['pull-request'] === undefined, 'all is read, and it is read again');
    must(
      '19 read',
      heardOnPull(state, { more: true }).due['pull-request'] !== undefined,
      'the rest is not read',
    );
  }),
  check('an answer is written after the end', () => {
    const { state: ended } = new Scene(AUTO).until('merge').decide('ann', { kind: 'cancel' }).flow().world;
    const owed = { commentId: 4, thread: 9, to: 'ann', refusals: [{ kind: 'pause', why: 'x' }] };
    const replies = { owed: [owed], answered: [], times: [] };
    const after = evolve({ ...ended, replies }, { type: 'replied', commentIds: [4], at: ended.at });
    must('21 rests', after.replies?.owed.length === 0, 'it is written again and again');
  }),
  check('the account of Signalbox in the view', () => {
    const state = new Scene(AUTO).until('merge').world.state;
    must('21 shown', viewOf({ ...state, ownLogin: 'ann' }).ownLogin === 'ann', 'it is not shown');
    const { ownLogin, ...app } = state;
    must('21 shown', !('ownLogin' in viewOf(app)), `an App has the account ${ownLogin ?? 'undefined'}`);
  }),
];
