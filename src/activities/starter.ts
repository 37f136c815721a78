/**
 * Every opted-in issue that a scan finds is started, told to look again, or, where its life has ended, begun again when a
 * person asked for it.
 */
import type { FoundIssue } from '../contracts/activities.ts';
import type { IssueLives } from '../contracts/issue-lives.ts';
import type { Digest } from '../domain/digest.ts';
import { beginsAgain, type Beginning, type EndedLife, type IssueAct } from '../domain/generation.ts';
import { type IssueRef, issueName, type RepositoryRef } from '../domain/issue-ref.ts';
import { STATUS_MARKER } from '../domain/projection.ts';
import { endedLifeIn } from '../domain/snapshot.ts';
import { sameLogin } from '../github/actor.ts';
import type { GitHub } from '../github/client.ts';
import { listComments } from '../github/comments.ts';
import { listOptIns } from '../github/issues.ts';
import { RecentMap } from './recent-map.ts';
import { accountType } from './scheduler/account-type.ts';

export interface StarterPorts {
  readonly github: GitHub;
  readonly ownLogin: () => Promise<string>;
  readonly lives: IssueLives;
}

interface Found {
  readonly repository: RepositoryRef;
  readonly label: string;
  readonly found: FoundIssue;
}

/** Whose latest change is remembered; of others Temporal is asked once more. */
const ISSUES_MAX = 10_000;

/** Answers whether a workflow runs now that was told of it. */
export function createStarter(ports: StarterPorts): (found: Found) => Promise<boolean> {
  /** The latest change to each issue that its workflow was told of, or that called for nothing. Lost with the process. */
  const done = new RecentMap<string, Digest>(ISSUES_MAX);
  const running = new RecentMap<string, true>(ISSUES_MAX);
  return async ({ repository, label, found }) => {
    const issue = { ...repository, number: found.number };
    const name = issueName(issue);
    if (done.get(name) === found.digest) return false;
    const known = running.get(name) === true || !found.hasComments || (await ports.lives.isKnown(issue));
    const forgotten = known ? undefined : await forgottenLife(ports, issue);
    const ended = forgotten ?? (await ports.lives.startOrPoke(issue));
    if (ended === 'delivered') {
      running.set(name, true);
      done.set(name, found.digest);
      return true;
    }
    running.delete(name);
    const act = beginsAgain(ended, await actsOn(ports, issue, label));
    if (act === undefined) {
      done.set(name, found.digest);
      return false;
    }
    return await ports.lives.begin(issue, await beginningAt(ports, { issue, ended, act }));
  };
}

/** A life that ended so long ago that Temporal has dropped it; the comment that it left on the issue still tells. */
async function forgottenLife(
  { github, ownLogin }: StarterPorts,
  { owner, repo, number }: IssueRef,
): Promise<EndedLife | undefined> {
  const author = await ownLogin();
  const comments = await listComments(github, { owner, repo, issue: number });
  const ours = comments.filter(
    ({ author: by, body }) => sameLogin(by, author) && body.includes(STATUS_MARKER),
  );
  return endedLifeIn(ours.map(({ body }) => body));
}

async function actsOn(
  { github }: StarterPorts,
  { owner, repo, number }: IssueRef,
  label: string,
): Promise<readonly IssueAct[]> {
  const events = await listOptIns(github, { owner, repo, issue: number, label });
  return events.map(({ id, event, login, type, at }) => ({
    id,
    at: Date.parse(at),
    by: { login, type: accountType(type) },
    kind: event === 'labeled' ? 'opted-in' : 'reopened',
  }));
}

interface Again {
  readonly issue: IssueRef;
  readonly ended: EndedLife;
  readonly act: IssueAct;
}

/** Comments count from the act on; one within its second may be either, and is taken as said before it. */
async function beginningAt({ github }: StarterPorts, { issue, ended, act }: Again): Promise<Beginning> {
  const { owner, repo, number } = issue;
  const comments = await listComments(github, { owner, repo, issue: number });
  const before = comments.filter(({ createdAt }) => Date.parse(createdAt) <= act.at).map(({ id }) => id);
  return { generation: ended.generation + 1, commentsReadTo: Math.max(0, ...before), actsReadTo: act.id };
}
