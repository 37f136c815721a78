/** The keys below a prefix, page by page: bounded in bytes, in pages, and in what a key may be. */
import type { BucketPlace } from '../../config/store-place.ts';
import { withoutEnd } from '../../domain/without-end.ts';
import type { BucketClient } from './client.ts';
import { badAnswer, storeFailure } from './failures.ts';

export interface ListedKey {
  /** Below the prefix of the store. */
  readonly key: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

const KEYS_PER_PAGE = 1_000;
const PAGE_BYTES_MAX = 4 * 1024 * 1024;

export interface ListQuestion {
  readonly client: BucketClient;
  readonly place: BucketPlace;
  readonly under: string;
  /** More than these are a failure: what is cut would count as absent. */
  readonly keysMax: number;
}

export async function* listKeys({ client, place, under, keysMax }: ListQuestion): AsyncGenerator<ListedKey> {
  const prefix = `${place.prefix}${under}`;
  let token: string | undefined;
  let seen = 0;
  do {
    const { body, isComplete } = await client({
      action: 'ListBucket',
      method: 'GET',
      key: '',
      query: {
        'list-type': '2',
        prefix,
        'max-keys': String(KEYS_PER_PAGE),
        ...(token === undefined ? {} : { 'continuation-token': token }),
      },
      bytesMax: PAGE_BYTES_MAX,
    });
    if (!isComplete) throw storeFailure(badAnswer('answered ListBucket with too many bytes'));
    const page = pageIn(Buffer.from(body).toString('utf8'));
    seen += Math.max(page.keys.length, 1);
    if (seen > keysMax)
      throw storeFailure(badAnswer(`lists more than ${keysMax} keys below ${withoutEnd(under, '/')}`));
    for (const listed of page.keys)
      if (listed.key.startsWith(prefix)) yield { ...listed, key: listed.key.slice(place.prefix.length) };
    if (page.next !== undefined && page.next === token)
      throw storeFailure(badAnswer('lists the same page again and again'));
    token = page.next;
  } while (token !== undefined);
}

interface Page {
  readonly keys: readonly ListedKey[];
  readonly next: string | undefined;
}

/** Only the elements that are needed, in the one form that S3 writes. Anything else is refused, not guessed. */
function pageIn(xml: string): Page {
  if (!xml.includes('<ListBucketResult'))
    throw storeFailure(badAnswer('answered ListBucket with something else'));
  const [head = '', ...contents] = xml.split('<Contents>');
  const [tail = ''] = (contents.at(-1) ?? '').split('</Contents>').slice(1);
  const keys = contents.map(text => listedKey(text.split('</Contents>', 1)[0] ?? ''));
  const around = `${head}${tail}`;
  const isCut = elementIn(around, 'IsTruncated') === 'true';
  const next = elementIn(around, 'NextContinuationToken');
  if (isCut && (next === undefined || next === ''))
    throw storeFailure(badAnswer('cut a list without saying where it goes on'));
  return { keys, next: isCut ? next : undefined };
}

function listedKey(xml: string): ListedKey {
  const key = elementIn(xml, 'Key');
  const bytes = Number(elementIn(xml, 'Size') ?? 'NaN');
  const modifiedMs = Date.parse(elementIn(xml, 'LastModified') ?? '');
  if (key === undefined || !Number.isSafeInteger(bytes) || Number.isNaN(modifiedMs))
    throw storeFailure(badAnswer('listed a key without its name, size or time'));
  return { key, bytes, modifiedMs };
}

function elementIn(xml: string, name: string): string | undefined {
  const from = xml.indexOf(`<${name}>`);
  const to = xml.indexOf(`</${name}>`, from);
  return from === -1 || to === -1 ? undefined : decoded(xml.slice(from + name.length + 2, to));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

function decoded(text: string): string {
  return text.replace(
    /&(?:amp|lt|gt|quot|apos);|&#(\d{1,3});|&#x([0-9a-fA-F]{1,2});/g,
    (entity, decimal?: string, hex?: string) =>
      ENTITIES[entity] ??
      String.fromCharCode(decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal)),
  );
}
