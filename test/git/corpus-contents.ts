/** Hostile tree structures, sizes and file contents. */
import type { WantedEntry } from '../../src/git/change-entries.ts';
import type { Pair } from './corpus.ts';
import { fakeToken, file, gone, letters } from './corpus.ts';

function content(name: string, hostile: string | Buffer, benign: string | Buffer): Pair {
  return {
    name,
    hostile: [file('src/new.txt', hostile)],
    benign: [file('src/new.txt', benign)],
    reason: /contains a secret/,
  };
}

const structure: readonly Pair[] = [
  {
    name: 'file below a symbolic link',
    hostile: [file('link/evil')],
    benign: [file('link2/evil')],
    reason: /differs from the declared change/,
  },
  {
    name: 'file in place of a symbolic link',
    hostile: [file('link')],
    benign: [file('link2')],
    reason: /symbolic link/,
  },
  {
    name: 'deletion of a symbolic link',
    hostile: [gone('link')],
    benign: [gone('README.md')],
    reason: /symbolic link/,
  },
  {
    name: 'file in place of a nested repository',
    hostile: [file('vendor/lib')],
    benign: [file('vendor/lib2')],
    reason: /nested repository/,
  },
  {
    name: 'file in a nested repository',
    hostile: [file('vendor/lib/x')],
    benign: [file('vendor/x')],
    reason: /differs from the declared change/,
  },
  {
    name: 'file in place of a directory',
    hostile: [file('src')],
    benign: [file('src2')],
    reason: /differs from the declared change/,
  },
  {
    name: 'directory in place of a file',
    hostile: [file('README.md/x')],
    benign: [gone('README.md'), file('README/x')],
    reason: /differs from the declared change/,
  },
  {
    name: 'file below another file of the change',
    hostile: [file('n'), file('n/x')],
    benign: [file('n'), file('n2/x')],
    reason: /below another file/,
  },
  {
    name: 'the same path twice',
    hostile: [file('n', 'a'), file('n', 'b')],
    benign: [file('n', 'a'), file('m', 'b')],
    reason: /declared twice/,
  },
  {
    name: 'deletion of a missing file',
    hostile: [gone('nothing')],
    benign: [gone('README.md')],
    reason: /does not exist in the base/,
  },
  { name: 'no change at all', hostile: [], benign: [file('n')], reason: /empty/ },
  {
    name: 'only content that the base already has',
    hostile: [file('README.md', '# app\n')],
    benign: [file('README.md', '# App\n')],
    reason: /empty/,
  },
  {
    name: 'mode of a symbolic link',
    hostile: [{ path: 'n', mode: '120000' as '100644', bytes: Buffer.from('/etc/passwd') }],
    benign: [file('n', '/etc/passwd')],
    reason: /regular file/,
  },
  {
    name: 'mode of a repository',
    hostile: [{ path: 'n', mode: '160000' as '100644', bytes: Buffer.from('') }],
    benign: [file('n', '')],
    reason: /regular file/,
  },
  {
    name: 'deletion with file content',
    hostile: [{ path: 'README.md', mode: 'deleted', bytes: Buffer.from('x') }],
    benign: [gone('README.md')],
    reason: /file content/,
  },
  {
    name: 'new submodule',
    hostile: [file('sub/.gitmodules')],
    benign: [file('sub/.gitkeep')],
    reason: /submodules/,
  },
  {
    name: 'changed submodule',
    hostile: [file('.gitmodules', '[submodule "x"]\n')],
    benign: [file('modules.txt')],
    reason: /submodules/,
  },
  {
    name: '.gitmodules in another case',
    hostile: [file('sub/.GitModules')],
    benign: [file('sub/.GitKeep')],
    reason: /submodules/,
  },
  {
    name: 'attribute with a filter',
    hostile: [file('src/.gitattributes', '* filter=evil\n')],
    benign: [file('src/.gitattributes', '* -text\n')],
    reason: /attributes/,
  },
  {
    name: 'attribute with an encoding',
    hostile: [file('src/.gitattributes', '* working-tree-encoding=UTF-7\n')],
    benign: [file('src/.gitattributes', '*.js text\n')],
    reason: /attributes/,
  },
];

const sizes: readonly Pair[] = [
  { name: 'too many files', hostile: files(21), benign: files(20), reason: /21 files, more than 20/ },
  {
    name: 'one file is too large',
    hostile: [file('big', 'a'.repeat(5_001))],
    benign: [file('big', 'a'.repeat(5_000))],
    reason: /5001 bytes, more than 5000/,
  },
  {
    name: 'all files together are too large',
    hostile: files(6, 4_000),
    benign: files(5, 4_000),
    reason: /24000 bytes in total, more than 20000/,
  },
];

const privateKey = [
  '-----BEGIN RSA ',
  'PRIVATE KEY-----\n',
  `${letters}${letters}\n`,
  '-----END RSA PRIVATE KEY-----\n',
].join('');

const secrets: readonly Pair[] = [
  content('GitHub token', `token = "${fakeToken}"`, 'token = process.env.TOKEN'),
  content('GitHub App token', `t=${fakeToken.replace('ghp', 'ghs')}`, 't=ghs_'),
  content(
    'GitHub App token in the new format',
    ['ghs', `_12345_eyJ${letters}.eyJ${letters}.${letters}`].join(''),
    'ghs_12345',
  ),
  content(
    'fine-grained token',
    ['github', `_pat_${letters}${letters}`].join(''),
    'github_pat_ is the prefix',
  ),
  content('AWS key', ['AK', 'IAQ3EGRVKSJDO7ABCD'].join(''), 'AKIAIOSFODNN7EXAMPLE'),
  content(
    'OpenAI key',
    ['sk-', `proj-${letters}${letters}`].join(''),
    'sk-proj-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  ),
  content(
    'Slack token',
    ['xo', `xb-123456789012-123456789012-${letters.slice(0, 24)}`].join(''),
    'xoxb-your-token',
  ),
  content('private key', privateKey, privateKey.replace(/RSA PRIVATE/g, 'PUBLIC')),
  content(
    'token in concatenated strings',
    `"${fakeToken.slice(0, 20)}" +\n  "${fakeToken.slice(20)}"`,
    '"part one and " +\n  "part two"',
  ),
  content(
    'token wrapped onto a second line',
    `${fakeToken.slice(0, 20)}\n${fakeToken.slice(20)}`,
    'a line\nanother line',
  ),
  content(
    'token in base64',
    Buffer.from(`token: ${fakeToken}\n`).toString('base64'),
    Buffer.from('nothing to see in this text, really\n').toString('base64'),
  ),
  content(
    'token in UTF-16',
    Buffer.from(`token=${fakeToken}`, 'utf16le'),
    Buffer.from('token=none', 'utf16le'),
  ),
  content(
    'token in a binary file',
    Buffer.concat([Buffer.from([0, 255, 254, 1]), Buffer.from(fakeToken), Buffer.from([0])]),
    Buffer.from([0, 255, 254, 1]),
  ),
  content('scanner disabled by a comment', `// secretlint-disable\n${fakeToken}`, '// secretlint-disable\n'),
  content(
    'password in a URL',
    'https://deploy:hJ8kLm2nQ4rT@git.acme-corp.io/x',
    'https://git.acme-corp.io/x',
  ),
  {
    name: 'token in a name',
    hostile: [file(`src/${fakeToken}.js`)],
    benign: [file('src/ghp_token.js')],
    reason: /contains a secret/,
  },
];

function files(count: number, bytes = 1): WantedEntry[] {
  return Array.from({ length: count }, (_, index) =>
    file(`many/f${index}`, String(index % 10).repeat(bytes)),
  );
}

export const contentPairs: readonly Pair[] = [...structure, ...sizes, ...secrets];
