/** CHANGELOG.md in the format of keepachangelog.com: turns the unreleased section into that of a version. Pure. */

const HEADING = '## [Unreleased]';

/** The text between the heading “Unreleased” and the next version; undefined without that heading. */
export function unreleasedText(changelog: string): string | undefined {
  const [, after] = splitOnce(changelog, `${HEADING}\n`) ?? [];
  return after?.split(/^(?:## |\[[^\]]+\]: )/m)[0]?.trim();
}

export interface ReleaseOf {
  readonly version: string;
  /** `2026-01-31` */
  readonly date: string;
  /** The repository's URL, without a trailing slash. */
  readonly home: string;
  /** The version before this one, if there is any. */
  readonly before?: string;
}

/** Gives the unreleased text a version and date, and adds an empty “Unreleased” section above it. */
export function releasedChangelog(changelog: string, { version, date, home, before }: ReleaseOf): string {
  const [head, tail] = splitOnce(changelog, `${HEADING}\n`) ?? [changelog, ''];
  const since = before === undefined ? `releases/tag/v${version}` : `compare/v${before}...v${version}`;
  const links = `[Unreleased]: ${home}/compare/v${version}...HEAD\n[${version}]: ${home}/${since}`;
  const dated = `${head}${HEADING}\n\n## [${version}] - ${date}\n${tail}`.trimEnd().split('\n');
  const older = dated.filter(line => LINK.test(line) && !line.startsWith('[Unreleased]'));
  const text = dated.filter(line => !LINK.test(line)).join('\n');
  return `${text.trimEnd()}\n\n${[links, ...older].join('\n')}\n`;
}

const LINK = /^\[[^\]]+\]: /;

function splitOnce(text: string, separator: string): readonly [string, string] | undefined {
  const at = text.indexOf(separator);
  return at === -1 ? undefined : [text.slice(0, at), text.slice(at + separator.length)];
}
