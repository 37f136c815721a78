/** Plans a release, or says why none is possible now. Pure: facts about the checkout in, file texts out. */
import { releasedChangelog, unreleasedText } from './changelog.ts';

export const RELEASED_FILES = ['package.json', 'package-lock.json', 'CHANGELOG.md'] as const;
export type ReleasedFile = (typeof RELEASED_FILES)[number];
export type FileTexts = Readonly<Record<ReleasedFile, string>>;

export interface Checkout {
  readonly branch: string;
  /** Lines of `git status --porcelain`. */
  readonly changed: readonly string[];
  readonly tags: readonly string[];
  readonly files: FileTexts;
}

export interface ReleasePlan {
  readonly version: string;
  readonly tag: string;
  readonly from: string;
  /** The changelog's text about it. */
  readonly notes: string;
  readonly files: FileTexts;
}

export type Planned = { readonly plan: ReleasePlan } | { readonly problem: string };

const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

export function versionProblem(version: string): string | undefined {
  return VERSION.test(version)
    ? undefined
    : `“${version}” is not a version. Fix: use three numbers, such as 0.1.0`;
}

export function planRelease(version: string, date: string, checkout: Checkout): Planned {
  const manifest = JSON.parse(checkout.files['package.json']) as Manifest;
  const released = releasedVersions(checkout.tags);
  const notes = unreleasedText(checkout.files['CHANGELOG.md']);
  const problem =
    checkoutProblem(checkout) ?? orderProblem(version, manifest, released) ?? notesProblem(notes);
  if (problem !== undefined) return { problem };
  const before = released.at(-1);
  const changelog = releasedChangelog(checkout.files['CHANGELOG.md'], {
    version,
    date,
    home: homeOf(manifest),
    ...(before === undefined ? {} : { before }),
  });
  return {
    plan: {
      version,
      tag: `v${version}`,
      from: manifest.version,
      notes: notes ?? '',
      files: {
        'package.json': withVersion(checkout.files['package.json'], version),
        'package-lock.json': lockWithVersion(checkout.files['package-lock.json'], version),
        'CHANGELOG.md': changelog,
      },
    },
  };
}

interface Manifest {
  readonly version: string;
  readonly repository: { readonly url: string };
}

function checkoutProblem({ branch, changed }: Checkout): string | undefined {
  if (branch !== 'main') {
    const where = branch === '' ? 'no branch is checked out' : `this is ${branch}`;
    return `a release is made from main, but ${where}: run git switch main`;
  }
  return changed.length === 0
    ? undefined
    : `the work tree has changes (${changed[0]?.slice(3) ?? ''}): commit or stash them first`;
}

/** A version in package.json without a tag is not released yet. */
function orderProblem(version: string, manifest: Manifest, released: readonly string[]): string | undefined {
  const last = released.at(-1);
  if (last !== undefined && compare(version, last) <= 0)
    return `${last} is released already. Fix: choose a version after it`;
  return compare(version, manifest.version) < 0
    ? `${version} is before ${manifest.version}, the version in package.json`
    : undefined;
}

function notesProblem(notes: string | undefined): string | undefined {
  if (notes === undefined) return 'CHANGELOG.md has no heading “## [Unreleased]”';
  return notes === ''
    ? 'CHANGELOG.md says nothing under “Unreleased”: write what users will notice'
    : undefined;
}

function releasedVersions(tags: readonly string[]): readonly string[] {
  return tags
    .filter(tag => tag.startsWith('v') && VERSION.test(tag.slice(1)))
    .map(tag => tag.slice(1))
    .sort(compare);
}

function compare(one: string, other: string): number {
  const [a, b] = [one, other].map(text => text.split('.').map(Number));
  const at = [0, 1, 2].find(place => a?.[place] !== b?.[place]) ?? 2;
  return (a?.[at] ?? 0) - (b?.[at] ?? 0);
}

function homeOf({ repository }: Manifest): string {
  return repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
}

/** Edits the text, to keep its formatting. */
function withVersion(manifest: string, version: string): string {
  return manifest.replace(/^( {2}"version": ")[^"]*/m, (_all, head: string) => `${head}${version}`);
}

function lockWithVersion(text: string, version: string): string {
  const lock = JSON.parse(text) as { packages: Record<string, object> };
  const packages = { ...lock.packages, '': { ...lock.packages[''], version } };
  return `${JSON.stringify({ ...lock, version, packages }, null, 2)}\n`;
}
