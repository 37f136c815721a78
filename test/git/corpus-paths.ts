/** Hostile paths: out of the tree, into .git, past a reader's eye, past a file system that folds letters. */
import type { Pair } from './corpus.ts';
import { file } from './corpus.ts';

/** A repository whose directory is not called `.git`: git looks into it all the same. */
function buried(name: string, [hostile, benign]: readonly [readonly string[], readonly string[]]): Pair {
  const files = (paths: readonly string[]) => paths.map(one => file(one));
  return { name, hostile: files(hostile), benign: files(benign), reason: /git takes for a repository/ };
}

const buriedRepositories: readonly Pair[] = [
  buried('a bare repository', [
    ['src/r/HEAD', 'src/r/config', 'src/r/objects/x', 'src/r/refs/heads/main'],
    ['src/r/config', 'src/r/objects/x', 'src/r/refs/heads/main'],
  ]),
  buried('a bare repository in other letters', [
    ['src/r/Head', 'src/r/OBJECTS/x', 'src/r/Refs/x'],
    ['src/r/Head', 'src/r/OBJECTS/x', 'src/r/Reefs/x'],
  ]),
  buried('a bare repository at the root', [
    ['HEAD', 'objects/x', 'refs/x'],
    ['HEAD', 'objects/x', 'sub/refs/x'],
  ]),
  buried('a repository that lies in two places', [
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
  path('doubled slash', ['src//evil', 'src/evil'], /empty path component/),
  path('trailing slash', ['src/evil/', 'src/evil'], /empty path component/),
  path('backslash', ['src\\evil', 'src/evil'], /backslash/),
  path('Windows parent directory', ['..\\evil', 'evil'], /backslash/),
  path('empty path', ['', 'a'], /empty path/),
  path('newline', ['src/a\nb', 'src/ab'], /control character/),
  path('carriage return', ['src/a\rb', 'src/ab'], /control character/),
  path('NUL', ['src/a\0b', 'src/ab'], /control character/),
  path('terminal escape', ['src/\u001b[2Ka', 'src/a'], /control character/),
  path('zero-width space', ['src/a\u200bpp.js', 'src/appp.js'], /invisible/),
  path('bidi override', ['src/a\u202egnp.js', 'src/agnp.js'], /invisible/),
  path('tag letters', ['src/a\u{e0041}', 'src/aA'], /invisible/),
  path('lone surrogate', ['src/a\ud800', 'src/a'], /UTF-8/),
  path('leading dash', ['src/-rf', 'src/rf'], /dash/),
  path('trailing space', ['src/app.js ', 'src/app2.js'], /space/),
  path('trailing dot', ['src/app.js.', 'src/app.js.txt'], /dot/),
  path('component too long', [`src/${'a'.repeat(256)}`, `src/${'a'.repeat(200)}`], /longer than 255/),
  path(
    'path too long',
    ['abcdefghijklmnopqrst/'.repeat(60) + 'x', 'abcdefghijklmnopqrst/'.repeat(20) + 'x'],
    /longer than 1024/,
  ),
  path('too deep', ['a/'.repeat(70) + 'x', 'a/'.repeat(20) + 'x'], /deeper than/),
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
  path('case-folded twin of a file', ['readme.md', 'readme2.md'], /case or normalisation/),
  path('case-folded twin of a directory', ['SRC/new.js', 'src/new.js'], /case or normalisation/),
  path('full-width twin of a file', ['src/\uff41pp.js', 'src/\uff41pp2.js'], /case or normalisation/),
  {
    name: 'two new files that fold to one',
    hostile: [file('a/New.js'), file('a/new.js')],
    benign: [file('a/New.js'), file('a/newer.js')],
    reason: /case or normalisation/,
  },
  {
    name: 'composed and decomposed letters',
    hostile: [file('doc/\u00e9.md'), file('doc/e\u0301.md')],
    benign: [file('doc/\u00e9.md'), file('doc/e.md')],
    reason: /case or normalisation/,
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
  ...buriedRepositories,
  ...collisions,
];
