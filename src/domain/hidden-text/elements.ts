/** The HTML elements whose content readers see. The content of every other element counts as hidden. */

/** As GitHub keeps and browsers show them; without those that are shown only sometimes (`rp`, `bdo`, `video`). */
export const SHOWN_ELEMENTS: ReadonlySet<string> = new Set(
  (
    'h1 h2 h3 h4 h5 h6 p div blockquote pre hr br ol ul li dl dt dd table thead tbody tfoot tr td th caption ' +
    'b i strong em a code tt ins del sup sub kbd q samp var s strike abbr cite dfn mark small span time wbr center ' +
    'ruby rt details summary figure figcaption picture'
  ).split(' '),
);

/** They make their text smaller than the text around them. */
export const SHRINKING_ELEMENTS: ReadonlySet<string> = new Set([
  'sub',
  'sup',
  'small',
  'code',
  'tt',
  'samp',
  'pre',
]);

/** Elements without content. */
export const EMPTY_ELEMENTS: ReadonlySet<string> = new Set(['br', 'hr', 'wbr', 'img', 'source', 'input']);

/** Browsers read everything up to their end as their content, also beyond the end of a paragraph. */
export const SWALLOWING_ELEMENTS: ReadonlySet<string> = new Set([
  'title',
  'textarea',
  'style',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'noscript',
  'script',
  'plaintext',
  'template',
  'select',
  'svg',
  'math',
  'object',
  'video',
  'audio',
  'canvas',
]);
