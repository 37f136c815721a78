/**
 * For every opted-in issue that a scan finds: starts its workflow, pokes a running one, or, where the last generation has
 * ended and a person asked for another, begins the next.
 */
import type { Logger } from 'pino';
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
  readonly logger: Pick<Logger, 'warn'>;
}

interface Found {
  readonly repository: RepositoryRef;
  readonly label: string;
  readonly found: FoundIssue;
}

/** Issues whose latest change is remembered. For any other issue Temporal is asked again. */
const ISSUES_MAX = 10_000;

/** Returns a function that resolves to true when a running workflow was started or poked. */
export function createStarter(ports: StarterPorts): (found: Found) => Promise<boolean> {
  /** Digest of the latest change to each issue that was delivered or needed no action. Lost when the process ends. */
  const done = new RecentMap<string, Digest>(ISSUES_MAX);
  const running = new RecentMap<string, true>(ISSUES_MAX);
  /** Only the next generation changes it, and Temporal knows that one: people's comments are not read again for it. */
  const expiredLives = new RecentMap<string, EndedLife>(ISSUES_MAX);
  return async ({ repository, label, found }) => {
    const issue = { ...repository, number: found.number };
    const name = issueName(issue);
    if (done.get(name) === found.digest) return false;
    const known = running.get(name) === true || !found.hasComments || (await ports.lives.isKnown(issue));
    const expired = known ? undefined : (expiredLives.get(name) ?? (await expiredLife(ports, issue)));
    if (expired !== undefined) expiredLives.set(name, expired);
    const ended = expired ?? (await ports.lives.startOrPoke(issue));
    if (ended === 'delivered') {
      running.set(name, true);
      done.set(name, found.digest);
      return true;
    }
    running.delete(name);
    const act = beginsAgain(ended, await actsOn(ports, issue, { label, ended }));
    if (act === undefined) {
      done.set(name, found.digest);
      return false;
    }
    return await ports.lives.begin(issue, await beginningAt(ports, { issue, ended, act }));
  };
}

/** A generation that ended before Temporal's retention period. Its status comment on the issue still records it. */
async function expiredLife(
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
  { label, ended }: { readonly label: string; readonly ended: EndedLife },
): Promise<readonly IssueAct[]> {
  const { acts } = await listOptIns(github, {
    ...{ owner, repo, issue: number, label },
    enough: (_, oldest) => oldest <= ended.actsReadTo,
  });
  return acts.map(({ id, event, login, type, at }) => ({
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

/** Only comments after the act count. GitHub's times are whole seconds: a comment of the same second counts as earlier. */
async function beginningAt({ github }: StarterPorts, { issue, ended, act }: Again): Promise<Beginning> {
  const { owner, repo, number } = issue;
  const comments = await listComments(github, { owner, repo, issue: number });
  const before = comments.filter(({ createdAt }) => Date.parse(createdAt) <= act.at).map(({ id }) => id);
  return { generation: ended.generation + 1, commentsReadTo: Math.max(0, ...before), actsReadTo: act.id };
}
