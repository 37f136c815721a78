/**
 * How often people had to approve a merge, how often a merge was verified, and how many requests GitHub got, for many issues at
 * once. Every merge gate is approved by a review as soon as it asks.
 */
import { playMany } from './many.ts';

export interface LineFigures {
  readonly issues: number;
  /** Reviews that people had to give. */
  readonly approvals: number;
  readonly carried: number;
  /** Of changes, and of merges into a moved branch. */
  readonly verifications: number;
  readonly requestsPerIssue: number;
  /** Without those that GitHub answered with 304. */
  readonly countedPerIssue: number;
  readonly seconds: number;
  /** The most frequent counted requests for each issue. */
  readonly routes: string;
}

const ROUTES_SHOWN = 8;

export async function benchLine(issues: number, upToDate: string): Promise<LineFigures> {
  const { causes, requests, ms } = await playMany({ issues, upToDate });
  const counted = requests.filter(({ isCounted }) => isCounted).map(({ route }) => route);
  const countOf = (pattern: RegExp): number => causes.flat().filter(cause => pattern.test(cause)).length;
  return {
    issues,
    approvals: countOf(/ approved the pull request$/),
    carried: countOf(/ was carried over /),
    verifications: countOf(VERIFIED),
    requestsPerIssue: Math.round(requests.length / issues),
    countedPerIssue: Math.round(counted.length / issues),
    seconds: Math.round(ms / 1000),
    routes: frequent(counted, issues),
  };
}

export const VERIFIED = /^(the merge into \w+ was )?verified( \(box|:)/;

function frequent(requests: readonly string[], issues: number): string {
  const counts = new Map<string, number>();
  for (const route of requests) counts.set(route, (counts.get(route) ?? 0) + 1);
  return [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, ROUTES_SHOWN)
    .map(([route, count]) => `${(count / issues).toFixed(1)} ${route}`)
    .join(', ');
}
