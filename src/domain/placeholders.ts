/** Words that stand where an answer is missing. All are compared as their words in lower case, without marks. */

export function wordsIn(text: string): string {
  // Normalising takes time with the square of a run of marks, and no longer text is one of these.
  return (text.length > CHARS_MAX ? text : text.normalize('NFKC'))
    .replaceAll(/\[[ x]\]/gi, '')
    .toLowerCase()
    .split(NO_WORD)
    .filter(word => word !== '')
    .join(' ');
}

const CHARS_MAX = 200;
const NO_WORD = /[^\p{L}\p{N}\p{M}]+/u;

/** A promise to write something later. */
export function isPlaceholderAnswer(words: string): boolean {
  return PLACEHOLDERS.has(words);
}

/** `TBD (after the design)`, `TBD: who decides?`. A ticket such as `TBD-12` is none. */
export function isOpenPoint(row: string): boolean {
  return OPEN_POINT.test(row);
}

const OPEN_POINT = /^[^\p{L}\p{N}]{0,20}tb[adc](?:\*|_|`){0,3}\s{0,5}(?:[:：(（[?]|\s[-–—])/iu;

/** A sentence that a template of GitHub asks with; it answers nothing, but an answer may follow it. */
export function isTemplateText(words: string): boolean {
  return TEMPLATE_TEXTS.has(words);
}

/** An answer for risks or non-goals, but not for what is expected. */
export function isNone(words: string): boolean {
  return NONE.has(words);
}

const PLACEHOLDERS: ReadonlySet<string> = new Set([
  ...['tbd', 'tba', 'tbc', 'tbf', 'todo', 'to do', 'wip', 'fixme', 'xxx', 'no response', 'pending'],
  ...['t b d', 't b a', 't b c', 't o d o'],
  ...['to be done', 'to be decided', 'to be defined', 'to be determined', 'to be discussed'],
  ...[
    'to be added',
    'to be announced',
    'to be completed',
    'to be confirmed',
    'to be filled',
    'to be filled in',
  ],
  ...['to be determined later', 'to be filled in later', 'to follow', 'will follow', 'will be added'],
  ...['will be added later', 'later', 'tbd later', 'tbd tbd', 'not decided yet', 'not yet decided'],
  ...['to be specified', 'to be written', 'coming soon', 'placeholder', 'lorem ipsum', 'your text here'],
  ...['fill in', 'fill me in', 'fill this in', 'please fill in'],
  // German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian, Chinese, Japanese, Korean
  ...['folgt', 'folgt noch', 'kommt noch', 'noch offen', 'wird ergänzt', 'wird noch ergänzt'],
  ...['à compléter', 'à définir', 'à déterminer', 'à faire', 'por definir', 'por completar', 'pendiente'],
  ...['a definir', 'a preencher', 'pendente', 'da definire', 'da completare', 'da fare'],
  ...['nader te bepalen', 'nog in te vullen', 'do ustalenia', 'do uzupełnienia', 'уточняется', 'будет позже'],
  ...['待定', '待补充', '待填写', '待办', '未定', '後で記入', '추후 작성', '미정'],
]);

const NONE: ReadonlySet<string> = new Set([
  ...['none', 'n a', 'na', 'no', 'nil', 'nothing', 'not applicable', 'none given', 'empty'],
  ...['keine', 'keiner', 'keines', 'keine angabe', 'nichts', 'entfällt', 'nicht zutreffend'],
  ...['aucun', 'aucune', 'rien', 'néant', 'sans objet', 'ninguno', 'ninguna', 'nada', 'no aplica'],
  ...['nenhum', 'nenhuma', 'não se aplica', 'nessuno', 'nessuna', 'niente', 'geen', 'niets', 'n v t'],
  ...[
    'brak',
    'nie dotyczy',
    'нет',
    'ничего',
    'не применимо',
    '无',
    '没有',
    '不适用',
    'なし',
    '特になし',
    '없음',
    '해당 없음',
  ],
]);

/** GitHub's own templates for a bug report and a feature request. */
const TEMPLATE_TEXTS: ReadonlySet<string> = new Set([
  'a clear and concise description of what the bug is',
  'a clear and concise description of what you expected to happen',
  'a clear and concise description of what the problem is ex i m always frustrated when',
  'a clear and concise description of what you want to happen',
  'a clear and concise description of any alternative solutions or features you ve considered',
  'add any other context about the problem here',
  'add any other context or screenshots about the feature request here',
  'if applicable add screenshots to help explain your problem',
  'steps to reproduce the behavior',
  ...['go to', 'click on', 'scroll down to', 'see error'],
]);
