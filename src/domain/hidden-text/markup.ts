/** Reads Markdown with the place of each inline token in its block, in time proportional to the text. */
import MarkdownIt, {
  type MarkdownIt as Parser,
  type StateBlock,
  type StateInline,
  type Token,
} from 'markdown-it';

/** Offsets in the content of the block. */
export interface TokenPlace {
  readonly start: number;
  readonly end: number;
  /** Of a link: the end of its text. */
  readonly textEnd?: number;
}

const PLACES = new WeakMap<Token, TokenPlace>();
const PLACED: readonly string[] = ['backticks', 'link', 'image', 'html_inline'];
/** What only its own mark ends. */
const ENDS: readonly (readonly [open: string, end: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
];
/** Each end is searched once in a paragraph, so that many openings take no more time. */
class EndingState extends MarkdownIt.StateInline {
  readonly lastEnds: ReadonlyMap<string, number> = new Map(
    ENDS.map(([, end]) => [end, this.src.lastIndexOf(end)]),
  );
}

const PARSER = parser();

export function tokensOf(markdown: string): readonly Token[] {
  return PARSER.parse(markdown, {});
}

/** Only links, pictures, code and tags have a place. */
export function placeOf(token: Token): TokenPlace | undefined {
  return PLACES.get(token);
}

type InlineRule = (state: StateInline, silent: boolean) => boolean;

function parser(): Parser {
  const markdown = new MarkdownIt('default', { html: true }).disable('strip_references');
  // GitHub keeps the text of a link whose address it refuses.
  markdown.validateLink = () => true;
  markdown.inline.State = EndingState;
  const { ruler } = markdown.inline;
  for (const { name, fn } of ruler.__rules__)
    if (PLACED.includes(name)) ruler.at(name, placing(name === 'html_inline' ? withEveryEnd(fn) : fn));
  const { ruler: blocks } = markdown.block;
  for (const { name, fn } of blocks.__rules__) if (name === 'reference') blocks.at(name, unlessFootnote(fn));
  return markdown;
}

/**
 * The parser looks for no end of a comment, an instruction or character data after the first one without an end, whichever it
 * is. An end that is there must count.
 */
function withEveryEnd(rule: InlineRule): InlineRule {
  return (state, silent) => {
    const { src, pos } = state;
    const end = ENDS.find(([open]) => src.startsWith(open, pos))?.[1];
    if (end !== undefined && state instanceof EndingState)
      state.skipHtmlSpecial = (state.lastEnds.get(end) ?? -1) < pos;
    return rule(state, silent);
  };
}

function placing(rule: InlineRule): InlineRule {
  return (state, silent) => {
    const { pos: start, tokens } = state;
    const before = tokens.length;
    if (!rule(state, silent)) return false;
    const token = silent ? undefined : tokens.slice(before).find(({ type }) => type !== 'text');
    if (token === undefined) return true;
    const place = { start, end: state.pos };
    if (token.type !== 'link_open') PLACES.set(token, place);
    else PLACES.set(token, { ...place, textEnd: state.md.helpers.parseLinkLabel(state, start, true) });
    return true;
  };
}

type BlockRule = (
  ...block: [state: StateBlock, startLine: number, endLine: number, silent: boolean]
) => boolean;

/** `[^1]: text` is a footnote on GitHub, not the definition of a link. */
function unlessFootnote(rule: BlockRule): BlockRule {
  return (...block) => {
    const [state, startLine] = block;
    const at = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
    return !state.src.startsWith('[^', at) && rule(...block);
  };
}
