/** CODEOWNERS as GitHub reads it: the examples of its documentation, the last match, and lines that name nobody. */
import { describe, expect, test } from '@jest/globals';
import { ownersOf } from '../../src/domain/code-owners.ts';

/** After the example of GitHub's documentation. */
const EXAMPLE = `
# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  docs@example.com @docs-owner
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
`;

describe('the owners of a path', () => {
  test.each([
    ['README.md', ['@global-owner1', '@global-owner2']],
    ['src/deep/a.js', ['@js-owner']],
    ['main.go', []],
    ['a/b.txt', ['@octo-org/octocats']],
    ['build/logs/today.log', ['@octocat']],
    ['other/build/logs/x', ['@octocat']],
    ['docs/guide.md', ['@doctocat']],
    ['docs/deep/guide.md', ['@doctocat']],
    ['x/apps/main.c', ['@octocat']],
    ['scripts/run.sh', ['@doctocat', '@octocat']],
    ['apps/github', []],
    ['apps/github/deep.js', []],
    ['apps/other/deep.js', ['@octocat']],
  ])('%s', (path, owners) => {
    expect(ownersOf(EXAMPLE, [path])).toEqual(owners);
  });

  test.each([
    ['docs/* @ann', 'docs/a.md', true],
    ['docs/* @ann', 'docs/deep/a.md', false],
    ['/src/ @ann', 'src', false],
    ['/src/ @ann', 'lib/src/a', false],
    ['src/ @ann', 'lib/src/a', true],
    ['/src @ann', 'src/a', true],
    ['a?c @ann', 'abc', true],
    ['a?c @ann', 'a/c', false],
    ['/a/**/z @ann', 'a/z', true],
    ['/a/**/z @ann', 'a/b/c/z', true],
    ['/a/**/z @ann', 'a/b/c/zz', false],
    ['my\\ file.md @ann', 'my file.md', true],
    ['/app/(group)/[id] @ann', 'app/(group)/i', false],
    ['/app/(group)/ @ann', 'app/(group)/page.tsx', true],
    ['*.TS @ann', 'a.ts', false],
    ['!a.ts @ann', 'a.ts', false],
    ['a\\*b @ann', 'a*b', true],
    ['a\\*b @ann', 'axb', false],
    ['a.ts @ann notaperson', 'a.ts', false],
    ['.env @ann', 'conf/.env', true],
  ])('%s: %s', (line, path, isOwned) => {
    expect(ownersOf(line, [path])).toEqual(isOwned ? ['@ann'] : []);
  });

  test('are named once, in the order of the paths', () => {
    expect(ownersOf('a @x @y\nb @Y @z\n', ['b', 'a', 'c'])).toEqual(['@Y', '@z', '@x']);
  });

  test('a file with Windows line ends and a byte order mark', () => {
    expect(ownersOf('\uFEFF# owners\r\n*.md @ann\r\n', ['a.md'])).toEqual(['@ann']);
  });

  test('many wildcards take no longer than their length', () => {
    const line = `${'*a'.repeat(400)}b @ann`;
    expect(ownersOf(line, ['a'.repeat(255)])).toEqual([]);
  });
});
