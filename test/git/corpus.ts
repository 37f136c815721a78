/** The form of the corpus: each hostile change has a benign twin without the one hostile detail. */
import type { WantedEntry } from '../../src/git/change-entries.ts';
import type { SeedFile } from '../support/git-repos.ts';

export const letters = 'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY';
/** Assembled at run time, so that no scanner reports this file as a leak. */
export const fakeToken = ['gh', 'p_', letters, 'zZ7q'].join('');

export const baseFiles: Readonly<Record<string, SeedFile>> = {
  'README.md': '# app\n',
  'package.json': '{ "name": "app" }\n',
  'src/app.js': 'export const app = 1;\n',
  'src/util/text.js': 'export const text = 1;\n',
  'bin/run': { mode: '100755', content: '#!/bin/sh\n' },
  link: { mode: '120000', content: 'src/app.js' },
  'vendor/lib': { mode: '160000', content: 'c'.repeat(40) },
  '.gitmodules': '[submodule "lib"]\n\tpath = vendor/lib\n\turl = https://example.org/lib.git\n',
  '.gitattributes': '*.png binary\n',
  '.github/workflows/ci.yml': 'on: push\n',
  'AGENTS.md': 'Be kind.\n',
  // Names that a change could not add.
  'docs/❤️.md': 'x\n',
  'a~1.txt': 'x\n',
  '-notes.md': 'x\n',
  'src/routes/-components/Card.tsx': 'x\n',
  'config/old.env': `TOKEN=${fakeToken.replace('zZ7q', 'oLd1')}\n`,
};

export interface Pair {
  readonly name: string;
  readonly hostile: readonly WantedEntry[];
  readonly reason: RegExp;
  readonly benign: readonly WantedEntry[];
}

export function file(
  path: string,
  content: string | Buffer = 'x\n',
  mode: '100644' | '100755' = '100644',
): WantedEntry {
  return { path, mode, bytes: Buffer.from(content) };
}

export function gone(path: string): WantedEntry {
  return { path, mode: 'deleted' };
}

export const corpusLimits = { filesMax: 20, fileBytesMax: 5_000, expandedBytesMax: 20_000 };
