/** Words and paths of risk rules in texts, however a person may spell them. */
import { skeleton } from '../../../../src/domain/look-alike.ts';
import { riskOfText } from '../../../../src/domain/risk.ts';
import { pathsNamed } from '../../../../src/domain/risk-words.ts';
import { must } from '../../life/invariants.ts';
import { check, type Probe } from '../scene.ts';

const RULES = {
  labels: {},
  words: { high: ['password', 'credit-card'] },
  paths: { high: ['src/auth/**', '**/*.sql'] },
};

const FOUND: readonly string[] = [
  'passwords are lost',
  'pass⟦U+00AD⟧word',
  'see⟦U+200B⟧password',
  'p\u0430ssword',
  'PÁSSWORD',
  'pass\u00adword',
  'userPassword',
  'reset_password',
  'pass**word**',
  'pass<b></b>word',
  'pass&shy;word',
  'p&#97;ssword',
  'p&#x61;ssword',
  'two Credit Cards',
  'see src/auth/login.ts',
  '`/home/me/app/src/auth/login.ts`.',
  './src/auth/x',
  '../src/auth/x',
  String.raw`C:\app\src\auth\x.ts`,
  'the folder src/auth/',
  'src/\u0430uth/x.ts',
  'schema.sql.',
  'src/⟦U+200B⟧auth/x',
  `${'a'.repeat(300)}/src/auth/x`,
  `src/auth/${'a'.repeat(300)}`,
];

const NOT_FOUND: readonly string[] = [
  'a compassword',
  'a pass, a word',
  'src/author/x.ts',
  'sql src auth',
  '&#99999999; &#9999999;',
  'a/b/c/d/e/f/g/h/i/src/auth/x',
];

export const RISK_WORD_PROBES: readonly Probe[] = [
  check('words and paths of risk rules are found in any spelling', () => {
    for (const text of FOUND)
      must('7 bound', riskOfText(text, RULES).level === 'high', `not found in ${JSON.stringify(text)}`);
    for (const text of NOT_FOUND)
      must('21 in vain', riskOfText(text, RULES).level === 'low', `found in ${JSON.stringify(text)}`);
    const none = riskOfText('anything', { labels: {}, words: { high: ['-'] }, paths: {} });
    must('21 in vain', none.level === 'low', 'a rule without letters applies to every text');
  }),
  check('the paths that a text names', () => {
    const named = (text: string): string =>
      pathsNamed(text)
        .map(({ path }) => path)
        .join(' ');
    for (const [text, paths] of [
      ['/a/b ./c/d. ../e/f- a/b', 'a/b c/d e/f'],
      ['. .. / ./ word', ''],
      ['.github/x', '.github/x'],
    ] as const)
      must('7 bound', named(text) === paths, `“${text}” names ${named(text)}`);
  }),
  check('texts that look the same have the same skeleton', () => {
    for (const [one, other] of [
      ['\u0440\u0430y', 'pay'],
      ['\uff30ay', 'pay'],
      ['p\u00aday', 'pay'],
      ['p\u00e1y', 'pay'],
    ] as const)
      must('7 bound', skeleton(one) === other, `${one} is ${skeleton(one)}`);
  }),
];
