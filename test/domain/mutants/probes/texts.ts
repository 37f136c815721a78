/** Text from people and for people: commands, payloads, contracts, hidden and posted text. */
import { parseContract } from '../../../../src/domain/contract.ts';
import { commandsIn } from '../../../../src/domain/command.ts';
import { isDecisionKind, readDecisionRequest } from '../../../../src/domain/decision-request.ts';
import { details, projection, statusMarker } from '../../../../src/domain/projection.ts';
import { visible } from '../../../../src/domain/invisible.ts';
import { fence, neutralise, plainLine } from '../../../../src/domain/posted-text.ts';
import { pullRequestBody } from '../../../../src/domain/pull-request-text.ts';
import { pullRequestTitle } from '../../../../src/domain/pull-request-title.ts';
import { riskOfLabels, riskOfPaths, riskOfText } from '../../../../src/domain/risk.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { withoutText } from '../../../../src/domain/status-comment.ts';
import { type Invariant, must } from '../../life/invariants.ts';
import { issueOf, policyOf } from '../../life/fixtures.ts';
import { check, type Probe, Scene } from '../scene.ts';

/** Forms that would do something in one of the places where text of others is shown. */
const LIVE: readonly (readonly [what: string, form: RegExp])[] = [
  ['a mention', /(?<![A-Za-z0-9])@[A-Za-z0-9]/],
  ['a reference', /#\d/],
  ['a reference', /\bGH-\d/i],
  ['an address', /:\/\/\S/],
  ['an address', /\bwww\.\S/i],
  ['a command', /^[\s>*+-]*\/approve\b/m],
  ['a command to skip', /\[skip ci\]|\[no ci\]|skip-checks:|NO_CI/i],
  ['a trailer', /signed-off-by:|co-authored-by:/i],
  ['HTML', /<img|<!--/],
  ['what is not seen', /[\u202e\u200b\u{e0041}]/u],
];

const HOSTILE = [
  'fixes #12, acme/shop#3, GH-7 for @maintainer',
  'see https://evil.example/x and www.evil.example',
  '/approve 0123456789ab',
  '> /approve 0123456789ab',
  '[skip ci] [no ci] ***NO_CI*** skip-checks: true',
  'Signed-off-by: Ann',
  'Co-authored-by: Ben',
  '![x](https://evil.example/p.png) <img src=x> <!-- hidden --> --> ',
  '\u202etxt.exe \u200b and \u{e0041}',
  '````\nout of the fence\n````',
];

function inert(text: string, where: string): void {
  for (const [what, form] of LIVE)
    must('14 inert', !form.test(text), `${what} in ${where}: ${text.slice(0, 80)}`);
}

const says = (invariant: Invariant, holds: boolean, what: string): void => must(invariant, holds, what);

export const TEXT_PROBES: readonly Probe[] = [
  check('hostile text is posted', () => {
    for (const text of HOSTILE) {
      inert(neutralise(text, 500), 'running text');
      inert(plainLine(text, 500).replace(/<[!i]/g, ''), 'a line');
      const fenced = fence(text, 500);
      inert(fenced.replace(/<[!i]/g, ''), 'a block of code');
      const ticks = /^`+/.exec(fenced)?.[0] ?? '';
      const inside = fenced.split('\n').slice(1, -1);
      must('14 inert', !inside.some(line => line.startsWith(ticks)), 'the fence is closed from inside');
    }
    must('14 inert', !/(?<!\\)[*_[\]`]/.test(neutralise('*a* _b_ [c](d) `e`', 500)), 'Markdown is live');
    must('14 inert', Array.from(neutralise('x'.repeat(900), 100)).length <= 101, 'text without end');
    const posts: readonly (readonly [posted: string, due: string])[] = [
      [neutralise('$5 & <b>', 100), '&dollar;5 &amp; &lt;b&gt;'],
      [neutralise('$x$', 100), '&dollar; x&dollar;'],
      [neutralise('1. a', 100), '1\\. a'],
      [neutralise('- a - b', 100), '\\- a - b'],
      [plainLine('/usr/bin', 100), '/usr/bin'],
      [plainLine('/GH-7a/b', 100), '/ GH- 7a/b'],
      [plainLine('@ a @b', 100), '@ a @ b'],
      [plainLine('👍👍', 2), '👍👍'],
      [plainLine('👩‍💻x', 2), '👩…'],
      [fence('a `` b <!-- c', 100), '```text\na `` b <! -- c\n```'],
      [fence('````\n', 100), '`````text\n````\n`````'],
      [visible('👩🏽‍💻 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿'), '👩🏽‍💻 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ];
    for (const [posted, due] of posts) must('14 inert', posted === due, `${posted}, not ${due}`);
  }),
  check('long text is posted', () => {
    const { state } = new Scene({ mode: 'auto-run', run: { isProtected: true } }).until('publish').world;
    const { change, evidence } = state;
    if (change === undefined || evidence === undefined) throw new Error('no change');
    const posts = (count: number, text: string): readonly [string, string] => {
      const list = Array.from({ length: count }, (_, index) => `${text}${index}`);
      const files = list.map(path => ({ path, status: 'added' as const }));
      const long = { ...state, change: { ...change, protectedPaths: list, files } };
      return [
        projection(long).comment,
        pullRequestBody({ ...long, evidence: { ...evidence, concerns: list } }),
      ];
    };
    for (const post of [...posts(300, 'x'.repeat(300)), ...posts(30, '$'.repeat(2_000))]) {
      must('14 inert', post.length <= 65_536, 'a post is longer than GitHub takes');
      must('21 shown', /signalbox evidence acme\/shop#7/.test(post), 'no one is told where the rest is');
    }
    const [comment, body] = posts(300, 'x'.repeat(300));
    for (const post of [comment, body])
      must('21 shown', /and \d+ more: /.test(post), 'the rest is not counted');
    must('21 shown', comment.includes('Held at the publish gate'), 'a gate is not shown');
    const [, short] = posts(30, '$'.repeat(2_000));
    must('21 shown', short.includes(change.commit), 'the commit is not shown');
    must('21 shown', short.includes(evidence.digest), 'the evidence is not shown');
    const [whole, wholeBody] = posts(30, 'x');
    for (const post of [whole, wholeBody])
      must('21 in vain', !/more: /.test(post) && post.includes('x29'), 'a list is cut that fits');
    const kept = withoutText({ comment: whole, marker: statusMarker(state) }, state.issue).split('\n');
    must('10 names', kept.at(-2) === statusMarker(state), 'a comment without its text loses its marker');
    must('14 inert', !kept.some(line => line.startsWith('**')), 'a refused text is posted again');
  }),
  check('everything that is posted is long', () => {
    const { state } = new Scene({ mode: 'guarded' }).until('start').world;
    const { subject } = state;
    if (subject === undefined) throw new Error('the issue is not read');
    const long = '$'.repeat(600);
    const contract = { ...subject.contract, unclear: Array.from({ length: 9 }, () => long) };
    const crowded: IssueState = {
      ...state,
      subject: { ...subject, author: long, labels: [long], contract },
      refusedDecision: { kind: 'approve', by: long, why: long },
    };
    const { comment } = projection(crowded);
    must('14 inert', comment.length <= 65_536, 'a post is longer than GitHub takes');
    must('21 shown', /Held at the start gate.*approve start/.test(comment), 'a gate is not shown');
    must('21 shown', /exactly `[0-9a-f]{12}`/.test(comment), 'what is approved is not shown');
    must(
      '21 shown',
      /not fit.*signalbox show acme\/shop#7/.test(comment),
      'no one is told where the rest is',
    );
    const paused = details({
      ...crowded,
      paused: { by: { kind: 'person', login: long, how: 'temporal' }, reason: long },
    });
    must('21 shown', paused.includes('Held: paused'), 'a pause is not shown');
    must('14 inert', paused.length <= 65_536, 'a post is longer than GitHub takes');
  }),
  check('hostile text is in the projection', () => {
    for (const text of HOSTILE) {
      const life = new Scene({ mode: 'auto-run', run: { ending: 'blocked' } });
      life.flow().decide('ann', { kind: 'escalate', reason: text, to: 'le`ad' });
      const shown = projection(life.world.state).comment.replace(/<!-- signalbox:[^\n]*-->/g, '');
      inert(shown.replace(/https:\/\/git\.example/g, ''), 'the status comment');
      inert(details(life.world.state), 'the details');
      must('14 inert', !/^ *`{3,}/m.test(shown), 'a fence is opened in the status comment');
    }
  }),
  check('hostile names are in the snapshot', () => {
    const life = new Scene({ mode: 'auto-run' });
    life.flow();
    const { claim } = life.world.state;
    if (claim === undefined) throw new Error('there is no claim');
    const state = { ...life.world.state, claim: { ...claim, branch: 'ai/issue-7-x--> @ann' } };
    const last = projection(state).comment.split('\n').at(-1) ?? '';
    must('14 inert', last.indexOf('-->') === last.length - 3, 'the snapshot ends early');
  }),
  check('hostile text is in the pull request', () => {
    for (const text of HOSTILE) {
      const title = text.split('\n')[0] ?? '';
      const life = new Scene({ mode: 'auto-run', github: { issue: issueOf({ title }) } });
      life.until('merge');
      const { runs, evidence, change } = life.world.state;
      const [run] = runs;
      if (run?.end === undefined || evidence === undefined || change === undefined)
        throw new Error('no change');
      const state = {
        ...life.world.state,
        runs: [{ ...run, end: { ...run.end, summary: text } }],
        evidence: { ...evidence, concerns: [text] },
        change: { ...change, files: [{ path: 'a`b` @ann #1', status: 'added' as const }] },
      };
      const body = pullRequestBody(state);
      inert(
        body
          .replace(/issue #7/, '')
          .replace(/https:\/\/git\.example/g, '')
          .replace(/^- added `[^`\n]*`$/m, ''),
        'the body',
      );
      must('14 inert', /^- added `[^`\n]*`$/m.test(body), 'a path leaves its code');
      inert(pullRequestTitle(state).replace('(#7)', '').replace(/<[!i]/g, ''), 'the title');
    }
  }),
  check('comments that are not commands', () => {
    const none = [
      '> /approve',
      '```\n/approve\n```',
      'please /approve',
      '/improve',
      '    /approve',
      'x /pause',
    ];
    for (const text of none) says('9 command', commandsIn(text).length === 0, `taken: ${text}`);
    for (const text of ['/approved', 'text\n/approve', '`/approve`']) {
      const [said] = commandsIn(text);
      says('9 command', said?.near === true && said.unclear !== undefined, `taken: ${text}`);
    }
    const first = (text: string) => commandsIn(text)[0]?.request;
    const pause = first('\n  \n/pause for now');
    says('9 command', pause?.kind === 'pause' && pause.reason === 'for now', 'a command is not read');
    says('9 command', first('/escalate x@lead help')?.to === undefined, 'a part of a word is a login');
    says('9 command', first('/assign-release-owner @ann')?.to === 'ann', 'a login is not read');
  }),
  check('payloads typed by hand', () => {
    const { request } = readDecisionRequest(
      { gate: 'wild', mode: 'wild', digest: 7, reason: 'x'.repeat(9_000), to: '' },
      'approve',
    );
    says('9 command', request.gate === undefined && request.mode === undefined, 'an unknown word is taken');
    says('9 command', request.digest === undefined && request.to === undefined, 'what is no text is taken');
    says('9 command', (request.reason ?? '').length === 2_000, 'a text without end is taken');
    says('9 command', !isDecisionKind('toString') && !isDecisionKind('merge'), 'an unknown kind is taken');
    says('9 command', isDecisionKind('pause'), 'a kind is not known');
  }),
  check('contracts that lack something', () => {
    const lacks = (body: string, what: string): void => {
      const { missing, unclear } = parseContract(body);
      says(
        '8 same text',
        [...missing, ...unclear].some(line => line.includes(what)),
        `not said: ${what}`,
      );
    };
    lacks('## Problem and scenario\nx', 'Expected');
    lacks('## Expected\n_No response_', 'Expected');
    lacks('```\n## Expected\nx\n```', 'Expected');
    lacks('~~~\nx\n~~~\n<!-- do this too -->', 'do this too');
    lacks('## Mode\nwild', 'Mode');
    lacks('## Risk\nwild', 'Risk: one of');
    lacks('## Expected\nx\n<!-- do this too -->', 'do this too');
    lacks('[//]: # (do this too)', 'do this too');
    lacks('<!--\n```\n-->\n<!-- do this too -->', 'do this too');
    lacks('<div>\n```\n</div>\n<!-- do this too -->', 'do this too');
    const whole = parseContract('## Mode\nspike\n## Risk\nhigh\n## Expected\nx');
    says('8 same text', whole.contract.mode === 'spike' && whole.unclear.length === 0, 'a mode is not read');
    says('8 same text', !whole.missing.includes('Expected'), 'what is there is missing');
  }),
  check('risks by words, labels and paths', () => {
    const { risk } = policyOf();
    const level = (judged: { readonly level: string }, wanted: string): void =>
      must('7 bound', judged.level === wanted, `${judged.level}, not ${wanted}`);
    level(riskOfText('The PAYMENT fails', risk), 'high');
    level(riskOfLabels(['SECURITY'], risk), 'high');
    level(riskOfLabels(['risky'], risk), 'medium');
    level(riskOfPaths(['INFRA/.env'], risk), 'high');
    level(riskOfPaths(['db/x.sql', 'a.ts'], risk), 'medium');
    level(riskOfLabels(['ai:risk-high'], risk), 'low');
    level(riskOfPaths(['src/infra.ts'], risk), 'low');
    must('21 in vain', riskOfText('The repayment fails', risk).level === 'low', 'a part of a word counts');
  }),
];
