/** Which files of a tree git stores through a filter, for the agent to know: in its workspace they are what git stores. */
import { FILTERED_FILES_MAX } from '../contracts/bounds.ts';
import { blobSizes, type ObjectSource, readBlobs, type TreeEntry } from './objects.ts';
import { printablePath } from './path-rules.ts';

/** Larger attribute files, and more of them, are not read: this is advice. The change itself is judged by git. */
const FILE_BYTES_MAX = 64 * 1024;
const FILES_MAX = 100;

/** `pattern (filter)` for each line of the `.gitattributes` that names a filter; a pattern counts from its own folder. */
export async function filteredFiles(
  source: ObjectSource,
  tree: readonly TreeEntry[],
): Promise<readonly string[]> {
  const files = tree.filter(({ path, mode }) => /(^|\/)\.gitattributes$/.test(path) && /^100/.test(mode));
  const some = files.slice(0, FILES_MAX);
  const sizes = await blobSizes(
    source,
    some.map(({ sha }) => sha),
  );
  const read = some.filter((_, at) => (sizes[at] ?? Infinity) <= FILE_BYTES_MAX);
  const shas = [...new Set(read.map(({ sha }) => sha))];
  const blobs = await readBlobs(source, shas, FILE_BYTES_MAX * shas.length);
  const found = read.flatMap(({ path, sha }) => {
    const folder = path.slice(0, -'.gitattributes'.length);
    return filtersIn(blobs.get(sha)?.toString('utf8') ?? '').map(line => printablePath(`${folder}${line}`));
  });
  return [...new Set(found)].slice(0, FILTERED_FILES_MAX);
}

function filtersIn(text: string): readonly string[] {
  return text.split('\n').flatMap(line => {
    const [pattern = '', ...words] = line.trim().split(/\s+/);
    const filter = words.find(word => word.startsWith('filter='))?.slice('filter='.length);
    return filter === undefined || pattern.startsWith('#') ? [] : [`${pattern} (${filter})`];
  });
}
