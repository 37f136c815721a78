/**
 * Calls people: a new comment that mentions them, review requests and assignees. The marker of the comment names the call, so
 * that a repetition finds it. Nothing depends on a call.
 */
import type { CallInput, SchedulerActivities } from '../../contracts/activities.ts';
import { isRepeated } from '../../contracts/retries.ts';
import { callText } from '../../domain/call-text.ts';
import { MENTIONS_MAX } from '../../domain/mention.ts';
import { createComment, deleteComment, findMarked } from '../../github/comments.ts';
import { isClearNo } from '../../github/failure.ts';
import { addAssignees, ASSIGNEES_MAX, requestReviewers } from '../../github/people.ts';
import type { Attempted } from '../effect.ts';
import { codeOwners, type Mention, peopleIn } from './code-owners.ts';
import type { SchedulerPorts } from './ports.ts';

export function callPeople(ports: SchedulerPorts): Attempted<SchedulerActivities['callPeople']> {
  return async (input, attempt) => {
    const { context, call } = input;
    const { to, assign, reviewers, otherwise, paths } = call;
    const isNeeded = [...to, ...assign, ...reviewers].includes('codeowners');
    const owners = await codeOwners(ports, context, { paths, isNeeded });
    const found = peopleIn(to, owners);
    const who = (found.length > 0 ? found : peopleIn(otherwise, [])).slice(0, MENTIONS_MAX);
    const commentId = await comments(ports, input, { who, attempt });
    const problems = [
      ...(await refusalOf(asksReviewers(ports, input, peopleIn(reviewers, owners)))),
      ...(await refusalOf(assigns(ports, input, peopleIn(assign, owners)))),
    ];
    const { seq, ask, answers, rung, hold } = call;
    return {
      type: 'called',
      call: { seq, ask, answers, rung, hold },
      who,
      ...(commentId === undefined ? {} : { commentId }),
      ...(problems.length === 0 ? {} : { problem: problems.join('; ') }),
    };
  };
}

export function foldCall({ github }: SchedulerPorts): SchedulerActivities['foldCall'] {
  return async ({ context, seq, commentId }) => {
    const { owner, repo } = context.issue;
    await deleteComment(github, { owner, repo, commentId });
    return { type: 'call-folded', seq };
  };
}

/** The comment is written, so a clear no to the rest is part of the fact. Anything else is for the next attempt. */
async function refusalOf(writing: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await writing;
  } catch (error) {
    if (!isClearNo(error)) throw error;
    const { requestRoute, message, neededPermissions } = error;
    const needs = neededPermissions === undefined ? '' : ` (needs ${neededPermissions})`;
    return [`${requestRoute}: ${message}${needs}`];
  }
}

interface Told {
  readonly who: readonly Mention[];
  readonly attempt: number;
}

/** Returns the comment's id; undefined if there is nobody to mention. */
async function comments(
  ports: SchedulerPorts,
  { context, call }: CallInput,
  { who, attempt }: Told,
): Promise<number | undefined> {
  if (who.length === 0) return undefined;
  const { owner, repo, number: issue } = context.issue;
  const there = isRepeated(attempt) ? await findOurs(ports, { context, call }) : undefined;
  if (there !== undefined) return there;
  return (await createComment(ports.github, { owner, repo, issue, body: callText(call, who) })).id;
}

async function findOurs(
  { github, ownLogin }: SchedulerPorts,
  { context, call }: CallInput,
): Promise<number | undefined> {
  const { owner, repo, number: issue } = context.issue;
  const [first] = await findMarked(github, {
    owner,
    repo,
    issue,
    marker: call.marker,
    author: await ownLogin(),
  });
  return first?.id;
}

async function asksReviewers(
  { github }: SchedulerPorts,
  { context, call }: CallInput,
  who: readonly Mention[],
): Promise<readonly string[]> {
  const { pullRequest: number } = call;
  if (who.length === 0 || number === undefined) return [];
  const { owner, repo } = context.issue;
  const { logins, teams } = byKind(who);
  await requestReviewers(github, { owner, repo, number, logins, teams });
  return [];
}

/** A team cannot be assigned. */
async function assigns(
  { github }: SchedulerPorts,
  { context }: CallInput,
  who: readonly Mention[],
): Promise<readonly string[]> {
  const { owner, repo, number: issue } = context.issue;
  const logins = byKind(who).logins.slice(0, ASSIGNEES_MAX);
  if (logins.length === 0) return [];
  const assigned = await addAssignees(github, { owner, repo, issue, logins });
  const known = assigned.map(login => login.toLowerCase());
  const left = logins.filter(login => !known.includes(login.toLowerCase()));
  return left.length === 0
    ? []
    : [`GitHub did not assign ${left.join(', ')}: only people with access can be assigned`];
}

/** `@login` and `@org/team`, as GitHub's requests name them. */
function byKind(who: readonly Mention[]): {
  readonly logins: readonly string[];
  readonly teams: readonly string[];
} {
  const names = who.map(mention => mention.slice(1).split('/'));
  return {
    logins: names.flatMap(([login, team]) => (login !== undefined && team === undefined ? [login] : [])),
    teams: names.flatMap(([, team]) => team ?? []),
  };
}
