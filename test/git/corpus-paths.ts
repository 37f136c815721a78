/** Hostile paths: they leave the tree, enter .git, deceive a reader, or collide on a case-insensitive file system. */
import type { Pair } from './corpus.ts';
import { file } from './corpus.ts';

/** A repository whose directory is not named `.git`: git uses it all the same. */
function embedded(name: string, [hostile, benign]: readonly [readonly string[], readonly string[]]): Pair {
  const files = (paths: readonly string[]) => paths.map(one => file(one));
  return { name, hostile: files(hostile), benign: files(benign), reason: /git treats as a repository/ };
}

const embeddedRepositories: readonly Pair[] = [
  embedded('a bare repository', [
    ['src/r/HEAD', 'src/r/config', 'src/r/objects/x', 'src/r/refs/heads/main'],
    ['src/r/config', 'src/r/objects/x', 'src/r/refs/heads/main'],
  ]),
  embedded('a bare repository in another case', [
    ['src/r/Head', 'src/r/OBJECTS/x', 'src/r/Refs/x'],
    ['src/r/Head', 'src/r/OBJECTS/x', 'src/r/Reefs/x'],
  ]),
  embedded('a bare repository at the root', [
    ['HEAD', 'objects/x', 'refs/x'],
    ['HEAD', 'objects/x', 'sub/refs/x'],
  ]),
  embedded('a repository split over two directories', [
    ['src/r/HEAD', 'src/r/commondir', 'src/common/config'],
    ['src/HEAD', 'src/r/commondir', 'src/common/config'],
  ]),
];

function path(name: string, [hostile, benign]: readonly [string, string], reason: RegExp): Pair {
  return { name, hostile: [file(hostile)], benign: [file(benign)], reason };
}

const traversal: readonly Pair[] = [
  path('parent directory', ['../evil', 'evil'], /component \. or \.\./),
  path('parent directory inside', ['src/../../evil', 'src/evil'], /component \. or \.\./),
  path('current directory', ['./evil', 'evil'], /component \. or \.\./),
  path('absolute path', ['/etc/passwd', 'etc/passwd'], /absolute/),
  path('doubled slash', ['src//evil', 'src/evil'], /empty component/),
  path('trailing slash', ['src/evil/', 'src/evil'], /empty component/),
  path('backslash', ['src\\evil', 'src/evil'], /backslash/),
  path('Windows parent directory', ['..\\evil', 'evil'], /backslash/),
  path('empty path', ['', 'a'], /path is empty/),
  path('newline', ['src/a\nb', 'src/ab'], /control character/),
  path('carriage return', ['src/a\rb', 'src/ab'], /control character/),
  path('NUL', ['src/a\0b', 'src/ab'], /control character/),
  path('terminal escape', ['src/\u001b[2Ka', 'src/a'], /control character/),
  path('zero-width space', ['src/a\u200bpp.js', 'src/appp.js'], /invisible/),
  path('bidi override', ['src/a\u202egnp.js', 'src/agnp.js'], /invisible/),
  path('tag letters', ['src/a\u{e0041}', 'src/aA'], /invisible/),
  path('lone surrogate', ['src/a\ud800', 'src/a'], /UTF-8/),
  path('leading dash', ['-rf', 'rf'], /dash/),
  path('trailing space', ['src/app.js ', 'src/app2.js'], /space/),
  path('trailing dot', ['src/app.js.', 'src/app.js.txt'], /dot/),
  path('component too long', [`src/${'a'.repeat(256)}`, `src/${'a'.repeat(200)}`], /longer than 255/),
  path(
    'path too long',
    ['abcdefghijklmnopqrst/'.repeat(60) + 'x', 'abcdefghijklmnopqrst/'.repeat(20) + 'x'],
    /longer than 1024/,
  ),
  path('too deep', ['a/'.repeat(70) + 'x', 'a/'.repeat(20) + 'x'], /more than 64 components/),
];

const gitDirectory: readonly Pair[] = [
  '.git/config',
  '.GIT/config',
  'sub/.git/hooks/post-checkout',
  '.gIt',
  'git~1/config',
  '.git /config',
  '.git./config',
  '.git::$INDEX_ALLOCATION/config',
  '.git:x',
  '.g\u200cit/config',
  '.g\u0131t/config',
  '.\u0261it/config',
  'gitmod~1',
  'GITHUB~1/workflows/x.yml',
].map(hostile =>
  path(
    `spelling of .git: ${JSON.stringify(hostile)}`,
    [hostile, 'gitty/config'],
    /spelling of \.git|invisible|ends in|short name/,
  ),
);

const collisions: readonly Pair[] = [
  path('a file in another case', ['readme.md', 'readme2.md'], /case or Unicode normalisation/),
  path('a directory in another case', ['SRC/new.js', 'src/new.js'], /case or Unicode normalisation/),
  path(
    'a file in full-width letters',
    ['src/\uff41pp.js', 'src/\uff41pp2.js'],
    /case or Unicode normalisation/,
  ),
  {
    name: 'two new files that differ only in case',
    hostile: [file('a/New.js'), file('a/new.js')],
    benign: [file('a/New.js'), file('a/newer.js')],
    reason: /case or Unicode normalisation/,
  },
  {
    name: 'composed and decomposed letters',
    hostile: [file('doc/\u00e9.md'), file('doc/e\u0301.md')],
    benign: [file('doc/\u00e9.md'), file('doc/e.md')],
    reason: /case or Unicode normalisation/,
  },
  path(
    'Cyrillic look-alike of .github',
    ['.g\u0456thub/workflows/x.yml', 'docs/x.yml'],
    /looks like a protected/,
  ),
  path(
    'full-width look-alike of AGENTS.md',
    ['docs/\uff21GENTS.md', 'docs/agent-guide.md'],
    /looks like a protected/,
  ),
  path('Cyrillic look-alike of CODEOWNERS', ['C\u041eDEOWNERS', 'OWNERS.md'], /looks like a protected/),
  path('accented look-alike of CLAUDE.md', ['CL\u00c4UDE.md', 'CLOUD.md'], /looks like a protected/),
];

export const pathPairs: readonly Pair[] = [
  ...traversal,
  ...gitDirectory,
  ...embeddedRepositories,
  ...collisions,
];
