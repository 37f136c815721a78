/** Closing keywords: a merged pull request or a commit on the default branch closes the issues it names. */
import { fullName } from '../world.ts';
import type { Act } from './act.ts';
import { closeIssue } from './issues.ts';

const keyword = String.raw`\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?`;
const reference = String.raw`(?:#(\d+)|([\w.-]+/[\w.-]+)#(\d+)|https?://[^\s/]+/([\w.-]+/[\w.-]+)/issues/(\d+))`;
const pattern = new RegExp(`${keyword}\\s+${reference}`, 'gi');

/** Numbers of this repository's issues that the text would close. */
export function closedNumbers(text: string, repositoryName: string): number[] {
  const numbers: number[] = [];
  for (const [, own, named, namedNumber, linked, linkedNumber] of text.matchAll(pattern)) {
    const elsewhere = named ?? linked;
    if (elsewhere !== undefined && elsewhere.toLowerCase() !== repositoryName.toLowerCase()) continue;
    numbers.push(Number(own ?? namedNumber ?? linkedNumber));
  }
  return numbers;
}

export function closeNamed(act: Act, text: string, commitId?: string): void {
  for (const number of closedNumbers(text, fullName(act.repository))) {
    const issue = act.repository.issues.get(number);
    if (issue === undefined || issue.pull !== undefined) continue;
    closeIssue(act, issue, commitId === undefined ? {} : { commitId });
  }
}
