/** Who owns paths, which heads are adopted, what GitHub's limit holds back, and how an agent ends. */
import { ownersOf } from '../../../../src/domain/code-owners.ts';
import { commandsIn } from '../../../../src/domain/command.ts';
import { parseContract } from '../../../../src/domain/contract.ts';
import { delayNow } from '../../../../src/domain/delay.ts';
import { AGENT_ENDINGS } from '../../../../src/domain/ending.ts';
import type { DelayedKind } from '../../../../src/domain/state/delays.ts';
import { mustBe } from '../../life/invariants.ts';
import { AUTO, check, type Probe, Scene } from '../scene.ts';

/** A line of CODEOWNERS, a path, and whether the line gives it to @ann. */
const OWNED: readonly (readonly [string, string, boolean])[] = [
  ['docs/* @ann', 'docs/a.md', true],
  ['docs/* @ann', 'docs/deep/a.md', false],
  ['* @ann', 'deep/a.md', true],
  ['/src/ @ann', 'src', false],
  ['/src/ @ann', 'src/deep/a', true],
  ['/src/ @ann', 'lib/src/a', false],
  ['src/ @ann', 'lib/src/a', true],
  ['/src @ann', 'src/a', true],
  ['/src @ann', 'lib/src', false],
  ['lib/src @ann', 'a/lib/src', false],
  ['a?c @ann', 'abc', true],
  ['a?c @ann', 'a/c', false],
  ['a?c @ann', 'abd', false],
  ['/a/**/z @ann', 'a/z', true],
  ['/a/**/z @ann', 'a/b/c/z', true],
  ['/a/**/z @ann', 'a/b/c/zz', false],
  ['/a/*/z @ann', 'a/b/c/z', false],
  ['/a/b* @ann', 'a/c/b', false],
  ['/a/bc/z @ann', 'a/x/y/z', false],
  ['*a*b @ann', 'xaxaxb', true],
  ['*ab @ann', 'aab', true],
  ['abc @ann', 'ab', false],
  ['my\\ file.md @ann', 'my file.md', true],
  ['/app/(group)/[id] @ann', 'app/(group)/[id]', false],
  ['/app/(group)/ @ann', 'app/(group)/page.tsx', true],
  ['*.TS @ann', 'a.ts', false],
  ['!a.ts @ann', '!a.ts', false],
  ['a\\*b @ann', 'a*b', true],
  ['a\\*b @ann', 'axb', false],
  ['a.ts @ann notaperson', 'a.ts', false],
  ['a.ts @ann ben@example.com', 'a.ts', true],
  ['.env @ann', 'conf/.env', true],
  ['a.ts @ann # and more', 'a.ts', true],
  ['a.ts #@ann', 'a.ts', false],
  ['# a.ts @ann', 'a.ts', false],
  ['* @ann\na.ts', 'a.ts', false],
  ['* @ben\na.ts @ann\n\n', 'a.ts', true],
  ['', 'a.ts', false],
];

const FREE_OF_GITHUB: readonly DelayedKind[] = [
  'run-agent',
  'verify-change',
  'verify-candidate',
  'build-change',
  'build-candidate',
  'build-ahead',
  'verify-ahead',
  'assemble-evidence',
  'archive-audit',
  'join-line',
  'leave-line',
];
const GITHUB: readonly DelayedKind[] = ['claim-branch', 'push-commit', 'open-pull-request', 'read-policy'];

export const OWNER_PROBES: readonly Probe[] = [
  check('ownersOf, ruleOf, wordsOf, isOwner, charactersOf, owns, fits, matches: who owns a path', () => {
    for (const [line, path, isOwned] of OWNED) {
      const isAnn = ownersOf(line, [path]).includes('@ann');
      mustBe('22 needed', [line, path, isAnn], [line, path, isOwned]);
    }
    mustBe('22 needed', ownersOf('a @x @y\nb @Y @z\n', ['b', 'a', 'c']), ['@Y', '@z', '@x']);
  }),
  check('adoption: a head is taken, or named as what was meant', () => {
    const head = '1a2b3c4d5e6f';
    const said = (words: string): unknown => commandsIn(`/adopt ${words}`)[0];
    const unclear = (words: string): string => commandsIn(`/adopt ${words}`)[0]?.unclear ?? '';
    mustBe('21 heard', said(head), { position: 0, request: { kind: 'adopt', head } });
    const meant = `did you mean /adopt ${head}?`;
    mustBe('21 told', unclear(`#${head}`).includes(meant), true);
    mustBe('21 told', unclear('it').includes('did you mean'), false);
    mustBe('21 told', unclear(`#${'a'.repeat(50)}`).includes('did you mean'), false);
  }),
  check('htmlTexts: the first element of a line nearly is a heading', () => {
    const { unclear } = parseContract('<p><b>Expected</b> the page loads</p>');
    mustBe(
      '21 told',
      unclear.some(line => line.includes('did you mean “Expected”')),
      true,
    );
  }),
  check('WITHOUT_GITHUB, delayNow: what a limit of GitHub holds back', () => {
    const { state } = new Scene(AUTO).world;
    const limited = (by: DelayedKind, kind: DelayedKind): boolean => {
      const delay = { kind: by, since: state.at, reason: 'limit', until: state.at + 1, times: 1 };
      return delayNow({ ...state, delays: [{ ...delay, limit: true }] }, kind) !== undefined;
    };
    for (const kind of FREE_OF_GITHUB)
      mustBe('21 delayed', [kind, limited('merge', kind), limited(kind, 'merge')], [kind, false, false]);
    for (const kind of GITHUB) mustBe('21 delayed', [kind, limited('merge', kind)], [kind, true]);
  }),
  check('AGENT_ENDINGS: an agent does not adopt', () => {
    mustBe(
      '21 endings',
      [(AGENT_ENDINGS as readonly string[]).includes('adopted'), AGENT_ENDINGS.includes('patch')],
      [false, true],
    );
  }),
];
