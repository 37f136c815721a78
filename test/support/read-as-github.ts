/** Reads Markdown as GitHub does: parses GitHub Flavored Markdown with another parser than ours, then finds mentions and references in the rendered text. */
import { marked } from 'marked';

export interface Reading {
  readonly mentions: readonly string[];
  /** References after a closing keyword. */
  readonly closes: readonly string[];
  readonly references: readonly string[];
  /** Elements that untrusted text must never produce. */
  readonly elements: readonly string[];
  /** The text on the page, with code. */
  readonly shown: string;
}

const KEYWORD = String.raw`\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\s*:?\s*`;
const REFERENCE = String.raw`(?:(?:[\w.-]+\/[\w.-]+)?#\d+|\bGH-\d+|https?:\/\/\S+\/(?:issues|pull)\/\d+)`;

/** GitHub searches the rendered text, not the source, and ignores code. */
export function readAsGitHub(markdown: string): Reading {
  const html = marked.parse(markdown, { async: false, gfm: true });
  const shown = html.replace(/<(pre|code)\b[^>]*>[\s\S]*?<\/\1>/gi, ' ');
  // An address in a link's tag is not text, but it is still a reference.
  const addresses = Array.from(shown.matchAll(/\bhref="([^"]*)"/g), ([, href]) => href ?? '');
  const text = unescaped(shown.replace(/<!--[\s\S]*?-->|<\/?[a-z][^>]*>/gi, '\u0001'));
  const joined = text.replaceAll('\u0001', '');
  return {
    mentions: matches(text, /(?<![\w/])@[a-z\d][a-z\d-]*(?:\/[\w-]+)?/gi),
    closes: matches(joined, new RegExp(KEYWORD + REFERENCE, 'gi')),
    references: [...matches(joined, new RegExp(REFERENCE, 'gi')), ...addresses],
    shown: unescaped(html.replace(/<[^>]*>/g, '')),
    elements: [...new Set(matches(html.replace(/<(\/?)(?:p|br|hr)\b[^>]*>/gi, ''), /<[a-z!][\w-]*/gi))],
  };
}

function matches(text: string, pattern: RegExp): readonly string[] {
  return Array.from(text.matchAll(pattern), ([found]) => found);
}

function unescaped(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&dollar;', '$')
    .replaceAll('&commat;', '@')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&');
}
