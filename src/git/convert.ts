/** Lets git convert line endings and `$Id$` as `git add` does, on files with names of our own. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitCommand } from './run-git.ts';
import { gitOutput } from './run-git.ts';

export interface Conversion {
  readonly bytes: Buffer;
  /** The attributes, as in a `.gitattributes`. */
  readonly attributes: string;
  /** The blob at this path in the base: git keeps the line endings of a file that was committed with CRLF. */
  readonly former?: string | undefined;
}

export interface ConvertInput {
  /** Its git directory is used for nothing else; new blobs go to its object directory. */
  readonly command: Omit<GitCommand, 'args' | 'input'>;
  /** Must not exist. */
  readonly scratchDir: string;
  readonly files: readonly Conversion[];
}

/** Returns the blob ids, in the order of the files. Neither names nor attribute files of a change reach git. */
export async function convertedBlobs(input: ConvertInput): Promise<readonly string[]> {
  const { scratchDir, files } = input;
  const tree = join(scratchDir, 'tree');
  await mkdir(tree, { recursive: true });
  await Promise.all(files.map(({ bytes }, at) => writeFile(join(tree, String(at)), bytes)));
  const info = join(input.command.gitDir, 'info');
  await mkdir(info, { recursive: true });
  await writeFile(
    join(info, 'attributes'),
    files.map(({ attributes }, at) => `/${at} ${attributes}\n`).join(''),
  );
  const command = {
    ...input.command,
    // Without `safecrlf`, git would warn about line endings that do not survive.
    settings: { 'core.bare': 'false', 'core.safecrlf': 'false' },
    variables: {
      ...input.command.variables,
      GIT_WORK_TREE: tree,
      GIT_INDEX_FILE: join(scratchDir, 'index'),
    },
  };
  const former = files.flatMap(({ former: sha }, at) =>
    sha === undefined ? [] : [`100644 ${sha}\t${at}\0`],
  );
  await gitOutput({ ...command, args: ['update-index', '-z', '--index-info'], input: former.join('') });
  const names = files.map((_, at) => `${at}\0`).join('');
  await gitOutput({ ...command, args: ['update-index', '--add', '-z', '--stdin'], input: names });
  return blobIds(await gitOutput({ ...command, args: ['ls-files', '--stage', '-z'] }), files.length);
}

/** The index is sorted by name as text, so the names say which file is which: `100644 ID 0<tab>NAME`. */
function blobIds(listed: Buffer, count: number): readonly string[] {
  const ids = new Map(
    listed
      .toString('latin1')
      .split('\0')
      .map(record => {
        const [entry = '', name = ''] = record.split('\t');
        return [name, entry.split(' ')[1] ?? ''];
      }),
  );
  return Array.from({ length: count }, (_, at) => ids.get(String(at)) ?? '');
}
