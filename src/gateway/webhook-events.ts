/** Maps an event to the issue, branch or pull request that it is about: pure, one row per event. Unknown events map to nothing. */
import { z } from 'zod';
import { branchOwner } from '../domain/branch.ts';
import { COMMIT_IDENTITY } from '../domain/commit-identity.ts';
import type { Facet } from '../domain/observation.ts';
import { CALL_MARKER } from '../domain/call.ts';
import { LABEL_PREFIX } from '../domain/projection.ts';
import { OUR_MARKER } from '../domain/reply.ts';
import type { WebhookPoke } from './poke.ts';

export interface WebhookEvent {
  /** The `X-GitHub-Event` header. */
  readonly name: string;
  readonly deliveryId: string;
  readonly payload: unknown;
  /** Our App's login, `slug[bot]`: its own actions need no new look. */
  readonly ownLogin?: string;
}

/** Throws a `ZodError` when the payload does not match the event's schema. */
export function pokesOf(event: WebhookEvent): readonly WebhookPoke[] {
  const row = Object.hasOwn(rows, event.name) ? rows[event.name] : undefined;
  if (row === undefined || isOurOwn(event) || isProjection(event) || isOfOurCommit(event)) return [];
  const repositories = repositoriesOf(event.payload);
  return repositories.flatMap(({ owner, repo }) =>
    row(event.payload, `${owner}/${repo}`)
      .slice(0, POKES_MAX)
      .map(about => ({ owner, repo, ...about, deliveryId: event.deliveryId })),
  );
}

const POKES_MAX = 20;
const REPOSITORIES_MAX = 500;

type About = Pick<WebhookPoke, 'issue' | 'branch' | 'pull' | 'facets' | 'mayBegin'>;
type Row = (payload: unknown, fullName: string) => readonly About[];

const Branch = z.string().min(1);
const IssuePayload = z.object({
  action: z.string().optional(),
  issue: z.object({ number: z.int().positive(), pull_request: z.unknown().optional() }),
});
const PullPayload = z.object({
  action: z.string().optional(),
  pull_request: z.object({
    number: z.int().positive(),
    head: z.object({ ref: Branch, repo: z.object({ full_name: z.string() }).nullish() }),
  }),
});
const RefPayload = z.object({ ref: Branch, ref_type: z.string().optional() });
const StatusPayload = z.object({
  state: z.string().optional(),
  branches: z.array(z.object({ name: Branch })),
});
const Suite = z.object({ status: z.string().nullish(), head_branch: Branch.nullish() });
const SuitePayload = z.object({ check_suite: Suite });
const RunPayload = z.object({ check_run: z.object({ status: z.string().nullish(), check_suite: Suite }) });
const WorkflowRunPayload = z.object({ workflow_run: Suite });
const DeploymentPayload = z.object({ deployment: z.object({ ref: Branch }) });

const rows: Readonly<Record<string, Row>> = {
  issues: payload => onIssue(payload, 'issue'),
  issue_comment: payload => onIssue(payload, 'comments'),
  pull_request: onPull,
  pull_request_review: onPull,
  pull_request_review_comment: onPull,
  pull_request_review_thread: onPull,
  push: payload => onRef(RefPayload.parse(payload).ref),
  create: onCreatedOrDeleted,
  delete: onCreatedOrDeleted,
  status: onStatus,
  check_suite: payload => onSuite(SuitePayload.parse(payload).check_suite),
  check_run: onCheckRun,
  workflow_run: payload => onSuite(WorkflowRunPayload.parse(payload).workflow_run),
  deployment_status: payload => [onBranch(DeploymentPayload.parse(payload).deployment.ref, 'deployments')],
  label: wholeRepository,
  repository: wholeRepository,
  installation: wholeRepository,
  installation_repositories: wholeRepository,
};

function onIssue(payload: unknown, facet: Facet): readonly About[] {
  const { action, issue } = IssuePayload.parse(payload);
  const { number, pull_request } = issue;
  if (pull_request !== undefined && pull_request !== null)
    return [{ pull: number, facets: ['pull-request', facet] }];
  const again = action === 'labeled' || action === 'reopened';
  return [{ issue: number, facets: [facet], ...(again ? { mayBegin: true } : {}) }];
}

/** A branch of a fork can have the name of one of our branches; it is not ours. */
function onPull(payload: unknown, fullName: string): readonly About[] {
  const { action, pull_request: pull } = PullPayload.parse(payload);
  const isOurs = pull.head.repo?.full_name.toLowerCase() === fullName.toLowerCase();
  const facets: readonly Facet[] =
    action === 'synchronize' ? ['pull-request', 'branch', 'checks'] : ['pull-request'];
  if (!isOurs) return [{ pull: pull.number, facets }];
  // No look for a pull request opened from our branch: the effect that opens it looks for an existing one first.
  if (action === 'opened') return [];
  return [{ ...onBranch(pull.head.ref, 'branch'), pull: pull.number, facets }];
}

function onRef(ref: string): readonly About[] {
  const prefix = 'refs/heads/';
  return ref.startsWith(prefix) ? [onBranch(ref.slice(prefix.length), 'branch')] : [];
}

function onCreatedOrDeleted(payload: unknown): readonly About[] {
  const { ref, ref_type } = RefPayload.parse(payload);
  return ref_type === 'branch' ? [onBranch(ref, 'branch')] : [];
}

function onStatus(payload: unknown): readonly About[] {
  const { state, branches } = StatusPayload.parse(payload);
  return state === 'pending' ? [] : branches.map(({ name }) => onBranch(name, 'checks'));
}

function onCheckRun(payload: unknown): readonly About[] {
  const { status, check_suite: suite } = RunPayload.parse(payload).check_run;
  return onSuite({ ...suite, status });
}

/** Jobs that only began change nothing, and there are many. */
function onSuite({ status, head_branch: branch }: z.infer<typeof Suite>): readonly About[] {
  const isOver = (status ?? 'completed') === 'completed';
  return isOver && branch ? [onBranch(branch, 'checks')] : [];
}

function onBranch(branch: string, facet: Facet): About {
  const issue = branchOwner(branch)?.issueNumber;
  return { branch, facets: [facet], ...(issue === undefined ? {} : { issue }) };
}

function wholeRepository(): readonly About[] {
  return [{ facets: ['issue'] }];
}

const Sender = z.object({ sender: z.object({ login: z.string(), type: z.string() }) });

/** Ignores only bots: with a person's token, our login is also that person's, and their actions must be seen. */
function isOurOwn({ payload, ownLogin }: WebhookEvent): boolean {
  const { data } = Sender.safeParse(payload);
  return data?.sender.type === 'Bot' && data.sender.login.toLowerCase() === ownLogin?.toLowerCase();
}

const Projected = z.object({
  action: z.string(),
  label: z.object({ name: z.string() }).optional(),
  comment: z.object({ body: z.string() }).optional(),
});
const LABELLING: readonly string[] = ['labeled', 'unlabeled'];

/**
 * Our labels and our comments are output, never input. Usually we wrote them ourselves. If a person changes them,
 * the next scan corrects them. A deleted status needs an immediate look, a deleted call does not.
 */
function isProjection({ name, payload }: WebhookEvent): boolean {
  const { data } = Projected.safeParse(payload);
  if (data === undefined) return false;
  if (name === 'issues')
    return LABELLING.includes(data.action) && data.label?.name.startsWith(LABEL_PREFIX) === true;
  if (name !== 'issue_comment' && name !== 'pull_request_review_comment') return false;
  const marker = data.action === 'deleted' ? CALL_MARKER : OUR_MARKER;
  return data.comment?.body.includes(marker) === true;
}

const Pushed = z.object({ head_commit: z.object({ committer: z.object({ email: z.string() }) }) });

/** Usually our own push. If another user pushed our commit, the event of the pull request reports it as well. */
function isOfOurCommit({ name, payload }: WebhookEvent): boolean {
  if (name !== 'push') return false;
  return Pushed.safeParse(payload).data?.head_commit.committer.email === COMMIT_IDENTITY.email;
}

const FullName = z.object({ full_name: z.string().regex(/^[^/\s]+\/[^/\s]+$/) });
const Located = z.object({
  repository: FullName.optional(),
  repositories: z.array(FullName).optional(),
  repositories_added: z.array(FullName).optional(),
  repositories_removed: z.array(FullName).optional(),
});

/** Only installation events name several repositories. */
function repositoriesOf(payload: unknown): readonly { owner: string; repo: string }[] {
  const { repository, ...installed } = Located.parse(payload);
  const named = repository ? [repository] : Object.values(installed).flatMap(list => list ?? []);
  return named.slice(0, REPOSITORIES_MAX).map(({ full_name }) => {
    const [owner = '', repo = ''] = full_name.split('/');
    return { owner, repo };
  });
}
