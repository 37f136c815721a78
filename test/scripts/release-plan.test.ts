/** The plan of a release, and when none is possible: the pure part of `npm run release`. */
import { describe, expect, test } from '@jest/globals';
import { releasedChangelog, unreleasedText } from '../../scripts/release/changelog.ts';
import { contentProblems } from '../../scripts/release/content.ts';
import { type Checkout, planRelease, versionProblem } from '../../scripts/release/plan.ts';

const HOME = 'https://github.com/acme/line';
const manifest = `{
  "name": "line",
  "version": "0.1.0",
  "repository": { "type": "git", "url": "git+${HOME}.git" },
  "dependencies": { "one": "0.1.0" }
}
`;
const lock = `${JSON.stringify({ version: '0.1.0', packages: { '': { version: '0.1.0' }, a: { version: '0.1.0' } } }, null, 2)}\n`;
const changelog = `# Changelog

## [Unreleased]

### Added

- A thing.

[Unreleased]: ${HOME}/commits/main
`;

function checkout(more: Partial<Checkout> = {}, texts: Readonly<Record<string, string>> = {}): Checkout {
  const files = {
    'package.json': manifest,
    'package-lock.json': lock,
    'CHANGELOG.md': changelog,
    ...texts,
  };
  return { branch: 'main', changed: [], tags: [], files, ...more };
}

function planned(version: string, at: Checkout) {
  const result = planRelease(version, '2026-03-01', at);
  if ('problem' in result) throw new Error(result.problem);
  return result.plan;
}

test('a release changes the version in three files, and nothing else', () => {
  const { files, tag, from, notes } = planned('0.2.0', checkout());
  expect([tag, from, notes]).toEqual(['v0.2.0', '0.1.0', '### Added\n\n- A thing.']);
  expect(files['package.json']).toBe(manifest.replace('"version": "0.1.0"', '"version": "0.2.0"'));
  expect(JSON.parse(files['package-lock.json'])).toEqual({
    version: '0.2.0',
    packages: { '': { version: '0.2.0' }, a: { version: '0.1.0' } },
  });
});

test('the first release has the version that is already in package.json', () => {
  expect(planned('0.1.0', checkout()).tag).toBe('v0.1.0');
});

describe('the changelog', () => {
  const first = releasedChangelog(changelog, { version: '0.1.0', date: '2026-03-01', home: HOME });

  test('gets a dated section below an empty “Unreleased”, and links', () => {
    expect(first).toBe(`# Changelog

## [Unreleased]

## [0.1.0] - 2026-03-01

### Added

- A thing.

[Unreleased]: ${HOME}/compare/v0.1.0...HEAD
[0.1.0]: ${HOME}/releases/tag/v0.1.0
`);
    expect(unreleasedText(first)).toBe('');
  });

  test('keeps the sections and links of older versions', () => {
    const more = first.replace('## [Unreleased]\n', '## [Unreleased]\n\n- Another thing.\n');
    const second = releasedChangelog(more, {
      version: '0.2.0',
      date: '2026-04-01',
      home: HOME,
      before: '0.1.0',
    });
    expect(second).toContain('## [0.2.0] - 2026-04-01\n\n- Another thing.\n\n## [0.1.0] - 2026-03-01\n');
    expect(second).toMatch(
      new RegExp(
        `\\[Unreleased\\]: ${HOME}/compare/v0.2.0\\.\\.\\.HEAD\n` +
          `\\[0.2.0\\]: ${HOME}/compare/v0.1.0\\.\\.\\.v0.2.0\n` +
          `\\[0.1.0\\]: ${HOME}/releases/tag/v0.1.0\n$`,
      ),
    );
  });
});

describe('a release is refused', () => {
  const empty = changelog.replace('### Added\n\n- A thing.\n\n', '');
  test.each([
    ['on another branch', checkout({ branch: 'topic' }), 'this is topic'],
    ['without a branch', checkout({ branch: '' }), 'no branch is checked out'],
    ['with changes', checkout({ changed: ['?? notes.txt'] }), 'the work tree has changes (notes.txt)'],
    ['of a version that has a tag', checkout({ tags: ['v0.2.0'] }), '0.2.0 is released already'],
    ['of one before the last tag', checkout({ tags: ['v0.10.0', 'v0.9.0'] }), '0.10.0 is released already'],
    [
      'of a version before that in package.json',
      checkout({}, { 'package.json': manifest.replace('"version": "0.1.0"', '"version": "1.0.0"') }),
      '0.2.0 is before 1.0.0',
    ],
    ['without notes', checkout({}, { 'CHANGELOG.md': empty }), 'says nothing under “Unreleased”'],
    ['without their heading', checkout({}, { 'CHANGELOG.md': '# Changelog\n' }), 'no heading'],
  ])('%s', (_when, at, why) => {
    expect(planRelease('0.2.0', '2026-03-01', at)).toEqual({ problem: expect.stringContaining(why) });
  });

  test.each(['', '1', '1.2', 'v1.2.3', '1.2.3-rc.1', '01.2.3', '1.2.3\n', 'latest'])(
    'of %j, which is not a version',
    text => {
      expect(versionProblem(text)).toContain('is not a version');
    },
  );
});

describe('the content of the package', () => {
  const whole = [
    ...['.github/ISSUE_TEMPLATE/signalbox.yml', 'CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'],
    ...[
      'bin/signalbox.js',
      'dist/bin/main.js',
      'dist/src/config/start-policy.yml',
      'dist/workflow-bundle.js',
    ],
    ...['docs/policy.md', 'docs/schema/policy.schema.json'],
    'dist/simulator/project/files/test/card.test.js',
  ];

  test('is accepted with the files that the program needs and the demo’s project', () => {
    expect(contentProblems(whole)).toEqual([]);
  });

  test.each(whole.slice(0, -1))('%s must not be missing', path => {
    expect(contentProblems(whole.filter(one => one !== path))).toEqual([`${path} is missing`]);
  });

  test.each([
    ...[
      'src/domain/state.ts',
      'test/domain/gates.test.ts',
      'scripts/release.mjs',
      '.github/workflows/ci.yml',
    ],
    ...['.env', 'dist/.env.local', 'dist/.stamp', 'dist/.tsbuildinfo', 'dist/node_modules/a/index.js'],
    ...['dist/test/a.js', 'dist/src/a.test.js', 'docs/debug.log', 'docs/key.pem', '.signalbox/data/x'],
  ])('%s does not belong in it', path => {
    expect(contentProblems([...whole, path])).toEqual([`${path} does not belong in it`]);
  });
});
