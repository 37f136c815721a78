/** Reads an issue's text as a person does, to find the words and paths of risk rules however they are spelled. */
import { skeleton } from './look-alike.ts';

/** In the form that `visible` writes. */
const MARK = /⟦U\+[0-9A-F]{4,6}⟧/g;
const PATH_CHARS_MAX = 200;
/** A rule like `src/auth/**` also applies to `/home/me/app/src/auth/a.ts` and to the address of a file. */
const FOLDERS_SKIPPED_MAX = 8;

/** Whether a word of the text begins with the given one: `passwords`, `userPassword` and `pass*word*` count as `password`. */
export function wordFinder(text: string): (word: string) => boolean {
  const readings = [...new Set(readingsOf(text))].map(wordsOf);
  return word => {
    const wanted = wordsOf(word);
    return wanted !== ' ' && readings.some(words => words.includes(wanted));
  };
}

export interface NamedPath {
  readonly path: string;
  /** The path as it can be meant: without its first folders, as a folder. */
  readonly spellings: readonly string[];
}

/** Words with a slash or a dot, each once, as written and as the page shows them. Of longer ones the start and the end count. */
export function pathsNamed(text: string): readonly NamedPath[] {
  const plain = text.replace(MARK, '');
  const paths = [plain, withoutMarkup(plain), skeleton(withoutMarkup(plain))].flatMap(reading =>
    pathsIn(reading),
  );
  return [...new Set(paths)].filter(path => path !== '').map(path => ({ path, spellings: endsOf(path) }));
}

function pathsIn(text: string): readonly string[] {
  return text
    .replaceAll('\\', '/')
    .split(/[^\p{L}\p{N}_@+~./-]+/u)
    .filter(word => /[./]/.test(word))
    .flatMap(word => [word.slice(0, PATH_CHARS_MAX), word.slice(-PATH_CHARS_MAX)])
    .map(trimmed);
}

/** Without marks for invisible characters, without markup, and with the parts of `camelCase` as words. */
function readingsOf(text: string): readonly string[] {
  const plain = text.replace(MARK, '');
  const readings = [plain, text.replace(MARK, ' '), withoutMarkup(plain)];
  return readings.flatMap(reading => [reading, reading.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')]);
}

/** Every word after a space. */
function wordsOf(text: string): string {
  return ` ${skeleton(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
    .join(' ')}`;
}

function withoutMarkup(text: string): string {
  return text
    .replace(/<[^<>]{0,200}>/g, '')
    .replace(/\](?:\([^()]{0,300}\)|\[[^[\]]{0,300}\])/g, '')
    .replace(/&(?:#(\d{2,7})|#x([0-9a-f]{2,6})|[a-z]{2,20});/gi, (_all, decimal?: string, hex?: string) => {
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return point <= CODE_POINT_MAX ? String.fromCodePoint(point) : '';
    })
    .replace(/[*_~`\\[\]]/g, '');
}

const CODE_POINT_MAX = 0x10ffff;

function trimmed(word: string): string {
  let [start, end] = [0, word.length];
  while (
    start < end &&
    (word[start] === '/' || word.startsWith('./', start) || word.startsWith('../', start))
  )
    start += 1;
  while (end > start && './-'.includes(word[end - 1] ?? '')) end -= 1;
  return word.slice(start, end);
}

function endsOf(path: string): readonly string[] {
  const names = path.split('/');
  const ends = names.slice(0, FOLDERS_SKIPPED_MAX).map((_name, index) => names.slice(index).join('/'));
  return ends.flatMap(end => [end, `${end}/x`]);
}
