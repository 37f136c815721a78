/** The files that are generated from code, and the check that each is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { EXIT_CODES } from '../../src/client/cli/exit.ts';
import { ISSUE_FORM_PATH, issueFormText } from '../../src/client/cli/init/issue-form.ts';
import { startPolicyText } from '../../src/config/start-policy.ts';
import { lifecyclePage } from './lifecycle-page.ts';
import { markdownTable } from './markdown.ts';
import { monitoringPage } from './monitoring-page.ts';
import { policyTable } from './policy-table.ts';

export interface WrittenPage {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}

export const writtenPages = (root: URL): readonly WrittenPage[] => [
  { path: 'docs/lifecycle.md', text: lifecyclePage() },
  { path: 'docs/monitoring.md', text: monitoringPage(pageText(root, 'docs/monitoring.md'), root) },
  { path: ISSUE_FORM_PATH, text: issueFormText() },
  { path: 'docs/cli.md', text: withTable(pageText(root, 'docs/cli.md'), exitCodeTable()) },
  {
    path: 'docs/policy.md',
    text: withTable(withStartPolicy(pageText(root, 'docs/policy.md')), policyTable()),
  },
];

/** One line for each outdated file, with the command that updates it. */
export function outOfStep(root: URL, pages: readonly WrittenPage[] = writtenPages(root)): readonly string[] {
  return pages
    .filter(({ path, text }) => readText(new URL(path, root)) !== text)
    .map(({ path }) => `${path} is out of date. Fix: run \`npm run docs\``);
}

export function writePages(root: URL): void {
  for (const { path, text } of writtenPages(root)) writeFileSync(new URL(path, root), text);
}

/** The block after this heading is the initial policy; the rest of the page is written by hand. */
function withStartPolicy(page: string): string {
  return page.replace(/(## One to start from\n[^]*?```yaml\n)[^]*?```/, (_all, head: string) => {
    return `${head}${startPolicyText()}\`\`\``;
  });
}

/** Replaces the table whose first column has the same name. */
function withTable(page: string, table: string): string {
  const [, column = ''] = table.split('|');
  const lines = page.split('\n');
  const from = lines.findIndex(line => line.startsWith(`|${column}|`));
  if (from < 0) throw new Error(`there is no table with the column${column}to replace`);
  const length = lines.slice(from).findIndex(line => !line.startsWith('|'));
  return lines.toSpliced(from, length, table).join('\n');
}

function exitCodeTable(): string {
  const rows = Object.values(EXIT_CODES).map(({ code, means }) => [String(code), means]);
  return markdownTable(['exit code', 'means'], rows);
}

function pageText(root: URL, path: string): string {
  return readText(new URL(path, root)) ?? '';
}

function readText(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
