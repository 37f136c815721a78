/** Reads and closes one issue, and finds who opted it in. */
import { z } from 'zod';
import { ActorAnswer, NullableActor, sameLogin } from './actor.ts';
import type { GitHubActor } from './actor.ts';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { askNewest } from './pages.ts';

export interface GetIssueInput extends RepositoryName {
  readonly issue: number;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly stateReason: string | undefined;
  readonly author: string;
  readonly authorType: string;
  readonly labels: readonly string[];
  /** The title of its milestone. */
  readonly milestone: string | undefined;
  readonly locked: boolean;
  readonly htmlUrl: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly isPullRequest: boolean;
  readonly comments: number;
  /** Undefined while it is open, and for a deleted account. */
  readonly closedBy: GitHubActor | undefined;
}

/** Throws `moved` when transferred, `gone` when deleted, `not-found` when it does not exist or is not accessible. */
export async function getIssue(github: GitHub, { owner, repo, issue }: GetIssueInput): Promise<Issue> {
  return await ask(github.rest.issues.get({ owner, repo, issue_number: issue }), IssueAnswer);
}

export interface CloseIssueInput extends GetIssueInput {
  readonly stateReason: 'completed' | 'not_planned';
}

export async function closeIssue(github: GitHub, input: CloseIssueInput): Promise<Issue> {
  const { owner, repo, issue, stateReason } = input;
  const change = { owner, repo, issue_number: issue, state: 'closed', state_reason: stateReason } as const;
  return await ask(github.rest.issues.update(change), IssueAnswer);
}

export interface IssueEvent extends GitHubActor {
  readonly id: number;
  readonly event: 'labeled' | 'reopened';
  readonly at: string;
}

export interface OptInsInput extends GetIssueInput {
  readonly label: string;
  /** Whether older events than these are needed; `oldest` is the id of the oldest event read. */
  readonly enough: (found: readonly IssueEvent[], oldest: number) => boolean;
}

export interface OptIns {
  /** The events that added the label or reopened the issue, oldest first. Older ones than needed can be missing. */
  readonly acts: readonly IssueEvent[];
  /** The id of the newest event of any kind; 0 if there is none. */
  readonly newest: number;
}

/** Everybody can cause events, so a long list is read from its end. */
export async function listOptIns(github: GitHub, input: OptInsInput): Promise<OptIns> {
  const { owner, repo, issue, label, enough } = input;
  const events = await askNewest(
    {
      what: `the events of ${owner}/${repo}#${issue}`,
      send: at => github.rest.issues.listEvents({ owner, repo, issue_number: issue, ...at }),
      schema: EventsAnswer,
      by: event => event.actor.login,
    },
    found => enough(actsIn(found, label), found[0]?.id ?? 0),
  );
  return { acts: actsIn(events, label), newest: events.at(-1)?.id ?? 0 };
}

/** The opt-in is the last event that added the label. */
export function saysWhoLabelled(found: readonly IssueEvent[]): boolean {
  return whoLabelled(found) !== undefined;
}

function actsIn(
  events: readonly z.infer<typeof EventsAnswer>[number][],
  label: string,
): readonly IssueEvent[] {
  return events.flatMap(({ id, event, actor, created_at: at, label: given }) => {
    const isLabelling = event === 'labeled' && sameLogin(given?.name ?? '', label);
    return isLabelling || event === 'reopened'
      ? [{ id, event, login: actor.login, type: actor.type, at }]
      : [];
  });
}

/** The last event that added the label; undefined when there is none, which must never count as permission. */
export function whoLabelled(events: readonly IssueEvent[]): IssueEvent | undefined {
  return events.findLast(({ event }) => event === 'labeled');
}

const LabelName = z.union([z.string(), z.object({ name: z.string() }).transform(label => label.name)]);

export const IssueAnswer = z
  .object({
    id: z.number(),
    number: z.number(),
    title: z.string(),
    body: z.string().nullish(),
    state: z.enum(['open', 'closed']),
    state_reason: z.string().nullish(),
    user: NullableActor,
    labels: z.array(LabelName),
    milestone: z.object({ title: z.string() }).nullish(),
    locked: z.boolean().default(false),
    html_url: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
    pull_request: z.unknown().optional(),
    comments: z.number(),
    closed_by: ActorAnswer.nullish(),
  })
  .transform((answer): Issue => ({
    id: answer.id,
    number: answer.number,
    title: answer.title,
    body: answer.body ?? '',
    state: answer.state,
    stateReason: answer.state_reason ?? undefined,
    author: answer.user.login,
    authorType: answer.user.type,
    labels: answer.labels,
    milestone: answer.milestone?.title,
    locked: answer.locked,
    htmlUrl: answer.html_url,
    createdAt: answer.created_at,
    updatedAt: answer.updated_at,
    isPullRequest: answer.pull_request !== undefined && answer.pull_request !== null,
    comments: answer.comments,
    closedBy: answer.closed_by ?? undefined,
  }));

const EventsAnswer = z.array(
  z.object({
    id: z.number(),
    event: z.string(),
    created_at: z.string(),
    actor: NullableActor,
    label: z.object({ name: z.string().nullable() }).nullish(),
  }),
);
