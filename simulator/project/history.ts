/** The demo project's commits, which the simulated GitHub replays, and the issue that asks for the fix. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { HistoryCommit } from '../github/git/history.ts';

/** Next to this file, in the sources and in the build. */
export const projectFilesDir = fileURLToPath(new URL('./files/', import.meta.url));

const fileAt = (path: string): Promise<string> => readFile(new URL(`./files/${path}`, import.meta.url), 'utf8');

const rosa = { name: 'Rosa Lindqvist', email: 'rosa@profile-card.example' };
const tomas = { name: 'Tomas Okafor', email: 'tomas@profile-card.example' };

/** The fifth commit adds the greeting cache, and with it the defect. */
const forgetful = (source: string): string =>
  source
    .replace(/\/\*\* Greets profiles\.[^\n]*\*\//, '/** Greets profiles. */')
    .replace(/ {2}const remembered = new Map\(\);\n\n/, '')
    .replace(/ {4}const known = [^\n]*\n {4}if \(known [^\n]*\n/, '')
    .replace(/ {4}const text = ([^\n]*)\n {4}remembered\.set[^\n]*\n {4}return text;/, '    return $1');

const withoutCard = (source: string): string =>
  source
    .split('\n')
    .filter(line => !line.includes('card.js'))
    .join('\n');

const withoutMemory = (readme: string): string =>
  readme.replace(', remembered per profile because lists greet the same people again and again', ' for the time of day');

const filesAt = async (paths: readonly string[]): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all(paths.map(async path => [path, await fileAt(path)] as const)));

/** Oldest first; the last commit's tree is exactly the folder `files`. */
export async function projectHistory(): Promise<HistoryCommit[]> {
  const [greeting, index, readme] = await Promise.all(['src/greeting.js', 'src/index.js', 'README.md'].map(fileAt));
  if (greeting === undefined || index === undefined || readme === undefined) throw new Error('project files are missing');
  return [
    {
      message: 'Start the profile card library\n\nInitials and names that are safe to print come first.',
      author: rosa,
      date: '2026-03-02T09:12:00Z',
      files: { ...(await filesAt(['package.json', 'src/text.js', 'test/text.test.js'])), 'README.md': withoutMemory(readme) },
    },
    {
      message: 'Profiles tell their listeners what changed',
      author: rosa,
      date: '2026-03-04T14:40:00Z',
      files: await filesAt(['src/profile.js', 'test/profile.test.js']),
    },
    {
      message: 'Greet people by the time of day',
      author: tomas,
      date: '2026-03-09T08:05:00Z',
      files: {
        'src/greeting.js': forgetful(greeting),
        'src/index.js': withoutCard(index),
        ...(await filesAt(['test/greeting.test.js'])),
      },
    },
    {
      message: 'Draw the card, and draw it again when the profile changes',
      author: rosa,
      date: '2026-03-11T16:22:00Z',
      files: { 'src/index.js': index, ...(await filesAt(['src/card.js', 'test/card.test.js'])) },
    },
    {
      message: 'Remember greetings per profile\n\nLists of cards greet the same people on every redraw.',
      author: tomas,
      date: '2026-04-20T11:31:00Z',
      files: { 'src/greeting.js': greeting, 'README.md': readme },
    },
  ];
}

/** The title is the first heading of issue.md; the body is the rest. */
export async function projectIssue(): Promise<{ title: string; body: string }> {
  const text = await readFile(new URL('./issue.md', import.meta.url), 'utf8');
  const end = text.indexOf('\n');
  return { title: text.slice(0, end).replace(/^# /, ''), body: text.slice(end).trim() };
}
