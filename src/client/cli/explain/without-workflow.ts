/** Why an issue has no workflow, and the answers that GitHub alone can give. */
import { type IssueRef, issueName, repositoryName } from '../../../domain/issue-ref.ts';
import { count, plain, shortCommit } from '../render/text.ts';
import { optInText } from './answers.ts';
import { type Answer, answerTo } from './answer.ts';
import type { GitHubFacts } from './github-facts.ts';

/** The first thing that is missing, in the order in which the line needs it, with what to do. */
export function whyNone(issue: IssueRef, { issue: found, optIn }: GitHubFacts): string {
  if (optIn.kind === 'no-policy') return optIn.why;
  if (found.state === 'closed') return 'it is closed: only open issues are started';
  if (optIn.kind === 'not-opted-in') return `${optIn.why}: give it the label “${optIn.label}”`;
  return `it is opted in, and no scan has seen it yet: \`signalbox scan ${repositoryName(issue)}\``;
}

export function answersWithout(issue: IssueRef, facts: GitHubFacts): readonly Answer[] {
  const { optIn, branches } = facts;
  const isOptedIn = optIn.kind === 'opted-in';
  const triage = isOptedIn ? `yes: \`signalbox start ${issueName(issue)}\`` : 'no: it is not opted in';
  const names = branches.map(({ branch, sha }) => `${plain(branch)} at ${shortCommit(sha)}`);
  const standing = branches.length === 0 ? 'no' : `${names.join(', ')}, which no workflow works on`;
  return [
    answerTo('Q1', 'GitHub, read now', optInText(optIn)),
    answerTo('Q2', 'GitHub, read now', triage),
    answerTo('Q3', 'no workflow', 'none'),
    answerTo('Q4', 'GitHub, read now', standing),
    answerTo('Q5', 'no workflow', 'there was no run'),
    answerTo('Q6', 'no workflow', 'there was no run'),
    answerTo('Q7', 'GitHub, read now', leftText(facts)),
    answerTo('Q8', 'no workflow', 'neither: nothing was tried'),
    answerTo('Q9', 'GitHub, read now', owedText(facts)),
  ];
}

/** What an earlier line, or a lost Temporal, has left behind. */
function leftText({ branches, pulls, statusComments }: GitHubFacts): string {
  const left = [
    ...(branches.length === 0 ? [] : [`${branches.length} of our branches`]),
    ...pulls.map(({ number, state, merged }) => `pull request #${number} (${merged ? 'merged' : state})`),
    ...(statusComments.length === 0 ? [] : [count(statusComments.length, 'status comment')]),
  ];
  return left.length === 0 ? 'yes: nothing of ours stands there' : `no: ${left.join(', ')}, and no workflow`;
}

function owedText({ pulls }: GitHubFacts): string {
  const merged = pulls.filter(pull => pull.merged).map(({ number }) => `#${number}`);
  return merged.length === 0 ? 'no: nothing of ours is merged' : `not known: ${merged.join(', ')} was merged`;
}
