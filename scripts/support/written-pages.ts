/** Files in the repository that are written from code, and whether each still is what the code says. */
import { readFileSync, writeFileSync } from 'node:fs';
import { ISSUE_FORM_PATH, issueFormText } from '../../src/client/cli/init/issue-form.ts';
import { startPolicyText } from '../../src/config/start-policy.ts';
import { lifecyclePage } from './lifecycle-page.ts';

export interface WrittenPage {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

export const writtenPages = (root: URL): readonly WrittenPage[] => [
  { path: 'docs/lifecycle.md', text: lifecyclePage() },
  { path: ISSUE_FORM_PATH, text: issueFormText() },
  { path: 'docs/policy.md', text: policyPage(readText(new URL('docs/policy.md', root)) ?? '') },
];

/** One line for each that is not as it would be written, with the command that mends it. */
export function outOfStep(root: URL, pages: readonly WrittenPage[] = writtenPages(root)): readonly string[] {
  return pages
    .filter(({ path, text }) => readText(new URL(path, root)) !== text)
    .map(({ path }) => `${path} is not in step with the code: run \`npm run docs\``);
}

export function writePages(root: URL): void {
  for (const { path, text } of writtenPages(root)) writeFileSync(new URL(path, root), text);
}

/** The block after this heading is the policy to start from; the rest of the page is written by hand. */
function policyPage(page: string): string {
  return page.replace(/(## One to start from\n[^]*?```yaml\n)[^]*?```/, (_all, head: string) => {
    return `${head}${startPolicyText()}\`\`\``;
  });
}

function readText(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
