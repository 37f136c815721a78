/** Changes of issues. Each one adds its issue event and sends its webhook, as on GitHub. */
import type { Account, Issue, IssueEvent, Json, Label, Pull } from '../model.ts';
import { renderIssue, renderLabel } from '../render/issue.ts';
import { renderPullSimple } from '../render/pull.ts';
import { isPull, nextNumber } from '../world.ts';
import { emit, nowIn, type Act } from './act.ts';
import { checkBounds, checkLabelCount } from './bounds.ts';

export interface NewIssue {
  readonly title: string;
  readonly body?: string | null;
  readonly labels?: readonly string[];
  readonly assignees?: readonly Account[];
  readonly pull?: Pull;
}

export function createIssue(act: Act, input: NewIssue): Issue {
  const { world, repository, actor } = act;
  checkBounds(input.pull === undefined ? 'Issue' : 'PullRequest', { title: input.title, body: input.body });
  const at = nowIn(act);
  const issue: Issue = {
    id: world.nextId(),
    number: nextNumber(repository),
    title: input.title,
    body: input.body ?? null,
    user: actor,
    labels: [],
    assignees: [...(input.assignees ?? [])],
    state: 'open',
    stateReason: null,
    locked: false,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
    blockedBy: 0,
    events: [],
    bodyEdits: [],
    ...(input.pull === undefined ? {} : { pull: input.pull }),
  };
  repository.issues.set(issue.number, issue);
  emitIssue(act, issue, { action: 'opened' });
  addLabels(act, issue, input.labels ?? []);
  return issue;
}

/** The webhook event is `pull_request` for pull requests, `issues` for issues. */
export function emitIssue(act: Act, issue: Issue, told: Json & { action: string }): void {
  const { world, repository } = act;
  if (isPull(issue)) {
    const pull_request = {
      ...renderPullSimple(world, repository, issue),
      merged: issue.pull.mergedAt !== null,
    };
    emit(act, 'pull_request', { number: issue.number, pull_request, ...told });
  } else emit(act, 'issues', { issue: renderIssue(world, repository, issue), ...told });
}

export function addEvent(
  act: Act,
  issue: Issue,
  event: Omit<IssueEvent, 'id' | 'actor' | 'createdAt'>,
): void {
  issue.events.push({ id: act.world.nextId(), actor: act.actor, createdAt: nowIn(act), ...event });
  issue.updatedAt = nowIn(act);
}

/** The repository's label of that name; GitHub creates an unknown one on use. */
export function labelNamed(act: Act, name: string): Label {
  const key = name.toLowerCase();
  const known = act.repository.labels.get(key);
  if (known !== undefined) return known;
  checkBounds('Label', { name });
  const label: Label = { id: act.world.nextId(), name, color: 'ededed', description: null };
  act.repository.labels.set(key, label);
  return label;
}

const hasLabel = (issue: Issue, name: string): boolean =>
  issue.labels.some(label => label.name.toLowerCase() === name.toLowerCase());

export function addLabels(act: Act, issue: Issue, names: readonly string[]): void {
  checkLabelCount(issue.labels.length + names.filter(name => !hasLabel(issue, name)).length);
  for (const name of names) {
    if (hasLabel(issue, name)) continue;
    const label = labelNamed(act, name);
    issue.labels.push(label);
    addEvent(act, issue, { event: 'labeled', label: { name: label.name, color: label.color } });
    emitIssue(act, issue, { action: 'labeled', label: renderLabel(act.world, act.repository, label) });
  }
}

/** False when the issue does not carry the label. */
export function removeLabel(act: Act, issue: Issue, name: string): boolean {
  const label = issue.labels.find(one => one.name.toLowerCase() === name.toLowerCase());
  if (label === undefined) return false;
  issue.labels = issue.labels.filter(one => one !== label);
  addEvent(act, issue, { event: 'unlabeled', label: { name: label.name, color: label.color } });
  emitIssue(act, issue, { action: 'unlabeled', label: renderLabel(act.world, act.repository, label) });
  return true;
}

export function setLabels(act: Act, issue: Issue, names: readonly string[]): void {
  const wanted = new Set(names.map(name => name.toLowerCase()));
  for (const label of [...issue.labels])
    if (!wanted.has(label.name.toLowerCase())) removeLabel(act, issue, label.name);
  addLabels(act, issue, names);
}

/** At most ten; more are left out. */
export function assign(act: Act, issue: Issue, accounts: readonly Account[]): void {
  const added = accounts.filter(account => !issue.assignees.includes(account));
  issue.assignees = [...issue.assignees, ...added].slice(0, ASSIGNEES_MAX);
  issue.updatedAt = nowIn(act);
  emitIssue(act, issue, { action: 'assigned' });
}

const ASSIGNEES_MAX = 10;

export function closeIssue(
  act: Act,
  issue: Issue,
  options: { reason?: string; commitId?: string } = {},
): void {
  if (issue.state === 'closed') return;
  issue.state = 'closed';
  issue.stateReason = isPull(issue) ? null : (options.reason ?? 'completed');
  issue.closedAt = nowIn(act);
  issue.closedBy = act.actor;
  addEvent(act, issue, {
    event: 'closed',
    ...(options.commitId === undefined ? {} : { commitId: options.commitId }),
  });
  emitIssue(act, issue, { action: 'closed' });
}

export function reopenIssue(act: Act, issue: Issue): void {
  if (issue.state === 'open') return;
  issue.state = 'open';
  issue.stateReason = isPull(issue) ? null : 'reopened';
  issue.closedAt = null;
  issue.closedBy = null;
  addEvent(act, issue, { event: 'reopened' });
  emitIssue(act, issue, { action: 'reopened' });
}

export function editIssue(act: Act, issue: Issue, edit: { title?: string; body?: string | null }): void {
  checkBounds(isPull(issue) ? 'PullRequest' : 'Issue', edit);
  const changes: Record<string, unknown> = {};
  if (edit.title !== undefined && edit.title !== issue.title) {
    const rename = { from: issue.title, to: edit.title };
    changes.title = { from: issue.title };
    issue.title = edit.title;
    addEvent(act, issue, { event: 'renamed', rename });
  }
  if (edit.body !== undefined && edit.body !== issue.body) {
    changes.body = { from: issue.body };
    issue.body = edit.body;
    issue.bodyEdits.push(nowIn(act));
  }
  if (Object.keys(changes).length === 0) return;
  issue.updatedAt = nowIn(act);
  emitIssue(act, issue, { action: 'edited', changes });
}

export function setLocked(act: Act, issue: Issue, locked: boolean): void {
  issue.locked = locked;
  addEvent(act, issue, { event: locked ? 'locked' : 'unlocked' });
  emitIssue(act, issue, { action: locked ? 'locked' : 'unlocked' });
}
