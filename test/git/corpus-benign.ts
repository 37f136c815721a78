/** Changes that honest agents make, some with names and bytes that resemble hostile ones. All must pass without a gate. */
import type { WantedEntry } from '../../src/git/change-entries.ts';
import { fakeToken, file, gone } from './corpus.ts';

export const benignChanges: readonly { readonly name: string; readonly entries: readonly WantedEntry[] }[] = [
  { name: 'edit', entries: [file('src/app.js', 'export const app = 2;\n')] },
  { name: 'new file in a new directory', entries: [file('src/new/deep/er/a.js')] },
  { name: 'deletion', entries: [gone('src/util/text.js')] },
  {
    name: 'rename',
    entries: [gone('src/util/text.js'), file('src/util/words.js', 'export const text = 1;\n')],
  },
  { name: 'rename in case only', entries: [gone('README.md'), file('Readme.md', '# app\n')] },
  { name: 'directory replaced by a file', entries: [gone('src/util/text.js'), file('src/util')] },
  { name: 'file replaced by a directory', entries: [gone('README.md'), file('README.md/index')] },
  { name: 'made executable', entries: [file('src/app.js', 'export const app = 1;\n', '100755')] },
  { name: 'made non-executable', entries: [file('bin/run', '#!/bin/sh\n')] },
  {
    name: 'an unchanged file next to a changed one',
    entries: [file('README.md', '# app\n'), file('src/app.js')],
  },
  { name: 'empty file', entries: [file('src/empty', '')] },
  { name: 'no final newline', entries: [file('src/app.js', 'x')] },
  { name: 'CRLF', entries: [file('src/app.js', 'a\r\nb\r\n')] },
  { name: 'binary', entries: [file('logo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 10, 13]))] },
  { name: 'spaces in a name', entries: [file('docs/my notes.md')] },
  { name: 'Chinese name', entries: [file('文档/说明.md')] },
  { name: 'Russian name', entries: [file('документы/заметки.md')] },
  { name: 'accented name', entries: [file('docs/résumé.md')] },
  { name: 'emoji name', entries: [file('docs/🚀.md')] },
  { name: 'brackets and dollars in a name', entries: [file('app/routes/[id]/$page.(group).tsx')] },
  { name: 'quotes and glob characters in a name', entries: [file(`docs/it's "a" *?.md`)] },
  { name: 'dotfile', entries: [file('.editorconfig')] },
  { name: '.gitignore', entries: [file('.gitignore', 'dist\n')] },
  { name: '.gitkeep', entries: [file('logs/.gitkeep', '')] },
  {
    name: 'names that only resemble .git',
    entries: [file('docs/.gitx'), file('git/config'), file('a.git')],
  },
  { name: 'Windows device names', entries: [file('src/aux.c'), file('con/nul.txt')] },
  { name: 'colon in a name', entries: [file('docs/12:30.md')] },
  { name: 'tilde in a name', entries: [file('src/backup~'), file('src/~tmp')] },
  { name: 'two dots in a name', entries: [file('src/a..b'), file('src/...')].slice(0, 1) },
  { name: 'folder that begins with a dash', entries: [file('src/routes/-components/List.tsx')] },
  ...['docs/❤️.md', 'a~1.txt', '-notes.md', 'src/routes/-components/Card.tsx'].flatMap(path => [
    { name: `edit of ${path}, which the base has`, entries: [file(path, 'y\n')] },
    { name: `deletion of ${path}, which the base has`, entries: [gone(path)] },
  ]),
  { name: 'dash inside a name', entries: [file('src/a-b--c.js')] },
  { name: 'package.json', entries: [file('package.json', '{ "name": "app", "version": "1.0.1" }\n')] },
  {
    name: 'lock file with integrity hashes',
    entries: [file('package-lock.json', `"integrity": "sha512-${'Ab3'.repeat(29)}=="\n`)],
  },
  {
    name: 'commit ids and digests',
    entries: [file('src/ids.js', `'${'0a1b2c3d4e'.repeat(4)}'; '${'9f8e7d6c'.repeat(8)}';\n`)],
  },
  {
    name: 'documentation of token formats',
    entries: [file('docs/t.md', 'Tokens look like ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx or sk-...\n')],
  },
  {
    name: 'local database URL',
    entries: [file('test/db.js', 'postgres://user:password@localhost:5432/test\n')],
  },
  {
    name: 'public key',
    entries: [file('keys/pub.pem', `-----BEGIN PUBLIC KEY-----\n${'MIIBIjANBgkq'.repeat(6)}\n`)],
  },
  {
    name: 'a secret that the base already has, in an edited file',
    entries: [file('config/old.env', `TOKEN=${fakeToken.replace('zZ7q', 'oLd1')}\nMORE=1\n`)],
  },
  {
    name: 'a secret that the base already has, moved',
    entries: [
      gone('config/old.env'),
      file('config/moved.env', `TOKEN=${fakeToken.replace('zZ7q', 'oLd1')}\n`),
    ],
  },
  { name: 'removal of a secret', entries: [file('config/old.env', 'TOKEN=\n')] },
  {
    name: 'base64 of an image',
    entries: [
      file(
        'src/img.js',
        `'data:image/png;base64,${Buffer.from(Array.from({ length: 600 }, (_, i) => (i * 37) % 256)).toString('base64')}'`,
      ),
    ],
  },
  {
    name: 'long English text',
    entries: [file('docs/x.md', 'The quick brown fox jumps over the lazy dog.\n'.repeat(60))],
  },
];
