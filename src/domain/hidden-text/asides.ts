/** Short texts beside the visible ones (alternative texts, titles, addresses, attributes) and which of them hide nothing. */
import type { Attribute } from './html.ts';

/** Undefined for what GitHub and cameras write by themselves: a kind of picture, with a date or a number. */
export function alternativeAside(text: string): string | undefined {
  return PICTURE_NAME.test(text.trim()) ? undefined : text;
}

const PICTURE_NAME =
  /^(?:image|img|photo|pict?|picture|screenshot|screen[ -]?shot|screen recording|screencast|simulator screen ?shot|video|recording|dsc|pxl|grafik|bild|bildschirmfoto|bildschirmaufnahme|capture d[’']écran|capture|captura(?: de pantalla)?|schermata|imagem?|снимок экрана|スクリーンショット|截屏|屏幕截图|截圖)?(?:[\d\s._:,()-]|\b(?:at|from|um|vom|de|du|à|a las|alle|в|am|pm)\b)*(?:\.(?:png|jpe?g|gif|webp|svg|mp4|mov))?$/iu;

/** A title is shown while the pointer rests on it. Undefined when it says no more than what is shown anyway. */
export function titleAside(title: string, shown: string): string | undefined {
  return fold(title) === '' || fold(title) === fold(shown) ? undefined : title;
}

/** An address is known to readers, but not a sentence written as one, nor one that GitHub does not link to. */
export function addressAside(address: string): string | undefined {
  const said = decoded(address).trim();
  const wordsMax = COMPLETE.test(said) ? SEARCH_WORDS_MAX : NAME_WORDS_MAX;
  const isAddress = !OTHER_SCHEME.test(said) && said.split(/[\s+]+/).length <= wordsMax;
  return isAddress ? undefined : said;
}

const OTHER_SCHEME = /^(?!https?:|mailto:|ftp:)[a-z][\w+.-]*:/i;
const COMPLETE = /^(?:https?:|[#/?.])/i;
/** Words in the address of a search, and in the name of a file; more are a message. */
const SEARCH_WORDS_MAX = 8;
const NAME_WORDS_MAX = 3;

/** The label of a reference is not shown if the link has a text of its own. */
export function labelAside(label: unknown, shown: string): string | undefined {
  if (typeof label !== 'string' || /^[\w.-]{1,20}$/.test(label)) return undefined;
  return titleAside(label.toLowerCase(), shown);
}

/** What a tag carries besides its name: undefined for attributes that only give an address, a size, a place or a short name. */
export function attributeAside({ name, value }: Attribute, shown: string): string | undefined {
  if (ADDRESSES.has(name)) return addressAside(value);
  if (name === 'alt') return alternativeAside(value);
  if (name === 'title') return titleAside(value, shown);
  if (PLAIN_VALUES.some(([names, values]) => names.has(name) && values.test(value))) return undefined;
  return value === '' ? name : `${name}="${value}"`;
}

const ADDRESSES: ReadonlySet<string> = new Set(['href', 'src', 'srcset', 'cite']);
const FLAGS: ReadonlySet<string> = new Set(['open', 'checked', 'disabled', 'reversed']);
const SIZES: ReadonlySet<string> = new Set(['width', 'height', 'border', 'colspan', 'rowspan', 'start']);
const PLACES: ReadonlySet<string> = new Set(['align', 'valign']);
/** The target of a link to a place in the text. */
export const ANCHORS: ReadonlySet<string> = new Set(['id', 'name']);
const PLAIN_VALUES: readonly (readonly [names: ReadonlySet<string>, values: RegExp])[] = [
  [FLAGS, /^(?:open|checked|disabled|reversed)?$/],
  [SIZES, /^\d{0,5}(?:\.\d{1,3})?(?:px|em|rem|pt|%)?$/i],
  [PLACES, /^(?:left|right|center|middle|top|bottom|baseline|justify)$/i],
  [new Set(['type']), /^(?:checkbox|[1aAiI]|disc|circle|square)$/],
  [ANCHORS, /^[\w.-]{0,12}$/],
  [new Set(['media']), /^\(prefers-color-scheme: ?(?:dark|light)\)$/],
];

/** The language of a fence is not shown; a short word for it, and the name of a file, hide nothing. */
export function infoAside(info: string): string | undefined {
  const [language = '', file = '', ...more] = info.trim().split(/\s+/);
  return LANGUAGE.test(language) && FILE.test(file) && more.length === 0 ? undefined : info;
}

const LANGUAGE = /^[\w.#+-]{0,20}$/;
const FILE = /^(?:\w{1,12}=)?["'{]?[\w./:,-]{0,40}["'}]?$/;

function fold(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
