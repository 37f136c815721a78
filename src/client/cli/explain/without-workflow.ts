/** Why an issue has no workflow, and the answers from GitHub alone. */
import { type IssueRef, issueName, repositoryName } from '../../../domain/issue-ref.ts';
import { count, plain, shortCommit } from '../render/text.ts';
import { optInText } from './answers.ts';
import { type Answer, answerTo } from './answer.ts';
import type { GitHubFacts } from './github-facts.ts';

/** The first missing prerequisite, with its fix. */
export function whyNone(issue: IssueRef, { issue: found, optIn }: GitHubFacts): string {
  if (optIn.kind === 'no-policy') return optIn.why;
  if (found.state === 'closed') return 'it is closed; only open issues are started';
  if (optIn.kind === 'not-opted-in') return `${optIn.why}; add the label “${optIn.label}”`;
  return `it is opted in, but no scan has seen it yet; scan now with \`signalbox scan ${repositoryName(issue)}\``;
}

export function answersWithout(issue: IssueRef, facts: GitHubFacts): readonly Answer[] {
  const { optIn, branches } = facts;
  const isOptedIn = optIn.kind === 'opted-in';
  const triage = isOptedIn
    ? `yes: start it with \`signalbox start ${issueName(issue)}\``
    : 'no: it is not opted in';
  const names = branches.map(({ branch, sha }) => `${plain(branch)} at ${shortCommit(sha)}`);
  const active = branches.length === 0 ? 'no' : `${names.join(', ')}, without a workflow`;
  return [
    answerTo('Q1', 'GitHub, read now', optInText(optIn)),
    answerTo('Q2', 'GitHub, read now', triage),
    answerTo('Q3', 'no workflow', 'none'),
    answerTo('Q4', 'GitHub, read now', active),
    answerTo('Q5', 'no workflow', 'no run yet'),
    answerTo('Q6', 'no workflow', 'no run yet'),
    answerTo('Q7', 'GitHub, read now', leftText(facts)),
    answerTo('Q8', 'no workflow', 'neither: nothing has run'),
    answerTo('Q9', 'GitHub, read now', owedText(facts)),
  ];
}

/** What is left of an earlier installation, or of a lost Temporal database. */
function leftText({ branches, pulls, statusComments }: GitHubFacts): string {
  const left = [
    ...(branches.length === 0
      ? []
      : [`${branches.length === 1 ? '1 branch' : `${branches.length} branches`} of ours`]),
    ...pulls.map(({ number, state, merged }) => `pull request #${number} (${merged ? 'merged' : state})`),
    ...(statusComments.length === 0 ? [] : [count(statusComments.length, 'status comment')]),
  ];
  return left.length === 0 ? 'yes: there is nothing of ours' : `no: ${left.join(', ')}, but no workflow`;
}

function owedText({ pulls }: GitHubFacts): string {
  const merged = pulls.filter(pull => pull.merged).map(({ number }) => `#${number}`);
  return merged.length === 0 ? 'no: nothing of ours is merged' : `unknown: ${merged.join(', ')} was merged`;
}
