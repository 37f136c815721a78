/** Debian's file system. Kept in the user's cache folder, as it takes most of a minute. */
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { defaultCacheDir, keepBinary } from '../../../../src/local/temporal-server/cache.ts';
import type { Context } from './table.ts';

const TIMEOUT_MS = 5 * 60_000;
// Both are in the public Alpine images of Temporal, so that health checks may use them.
const PACKAGES = 'ca-certificates,wget,netcat-openbsd';

export async function addBase({ folder, tag }: Context): Promise<void> {
  const [suite = tag] = tag.split('-');
  await copyFile(await fileSystemOf(suite), path.join(folder, 'base.tar'));
}

async function fileSystemOf(suite: string): Promise<string> {
  const kept = path.join(defaultCacheDir(process.env), 'programs', `debian-${suite}.tar`);
  if (existsSync(kept)) return kept;
  return await keepBinary(kept, async folder => {
    const file = path.join(folder, 'base.tar');
    const unused = ['doc', 'man'].map(name => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
    // To a file: mmdebstrap ends its whole process group when its pipe breaks.
    await execa('mmdebstrap', ['--variant=minbase', `--include=${PACKAGES}`, ...unused, suite, file], {
      timeout: TIMEOUT_MS,
      stdin: 'ignore',
    });
    return file;
  });
}
