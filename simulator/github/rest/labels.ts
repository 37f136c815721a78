/** REST: labels of an issue and of the repository. */
import type { Issue, Label } from '../model.ts';
import { renderLabel } from '../render/issue.ts';
import { checkBounds } from '../acts/bounds.ts';
import { addLabels, removeLabel, setLabels } from '../acts/issues.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { created, ok, param, requiredText, text, textList, type Call, type Reply } from '../http/exchange.ts';
import { paginated } from '../http/pages.ts';
import { repositoryRoute, type Route } from '../http/route.ts';
import { issueOf } from './lookup.ts';

const read = { permissions: ['issues', 'pull_requests'] };
const triage = { ...read, role: 'triage' } as const;
const write = { ...read, role: 'write' } as const;

export const labelRoutes = (): Route[] => [
  repositoryRoute('GET /issues/{issue_number}/labels', read, call =>
    paginatedLabels(call, issueOf(call).labels),
  ),
  repositoryRoute('POST /issues/{issue_number}/labels', triage, call => change(call, addLabels)),
  repositoryRoute('PUT /issues/{issue_number}/labels', triage, call => change(call, setLabels)),
  repositoryRoute('DELETE /issues/{issue_number}/labels/{name}', triage, dropLabel),
  repositoryRoute('GET /labels', read, call => paginatedLabels(call, [...call.repository.labels.values()])),
  repositoryRoute('POST /labels', write, createLabel),
  repositoryRoute('GET /labels/{name}', read, call => ok(rendered(call, labelOf(call)))),
  repositoryRoute('PATCH /labels/{name}', write, patchLabel),
];

const rendered = (call: Call, label: Label): Record<string, unknown> =>
  renderLabel(call.world, call.repository, label);

const paginatedLabels = (call: Call, labels: readonly Label[]): Reply =>
  paginated(call, labels, label => rendered(call, label));

const issueLabels = (call: Call, issue: Issue): Reply => ok(issue.labels.map(label => rendered(call, label)));

function change(call: Call, act: (call: Call, issue: Issue, names: readonly string[]) => void): Reply {
  const issue = issueOf(call);
  act(call, issue, textList(call.body, 'labels') ?? []);
  return issueLabels(call, issue);
}

function dropLabel(call: Call): Reply {
  const issue = issueOf(call);
  if (!removeLabel(call, issue, param(call, 'name'))) throw new ApiError(404, 'Label does not exist');
  return issueLabels(call, issue);
}

function labelOf(call: Call): Label {
  const label = call.repository.labels.get(param(call, 'name').toLowerCase());
  if (label === undefined) throw notFound();
  return label;
}

function createLabel(call: Call): Reply {
  const name = requiredText(call.body, 'name');
  checkBounds('Label', { name, description: text(call.body, 'description') });
  const key = name.toLowerCase();
  if (call.repository.labels.has(key)) {
    const errors = [{ resource: 'Label', code: 'already_exists', field: 'name' }];
    throw new ApiError(422, 'Validation Failed', { errors });
  }
  const color = text(call.body, 'color') ?? 'ededed';
  const label: Label = {
    id: call.world.nextId(),
    name,
    color,
    description: text(call.body, 'description') ?? null,
  };
  call.repository.labels.set(key, label);
  return created(rendered(call, label));
}

function patchLabel(call: Call): Reply {
  const label = labelOf(call);
  checkBounds('Label', { name: text(call.body, 'new_name'), description: text(call.body, 'description') });
  call.repository.labels.delete(label.name.toLowerCase());
  label.name = text(call.body, 'new_name') ?? label.name;
  label.color = text(call.body, 'color') ?? label.color;
  label.description = text(call.body, 'description') ?? label.description;
  call.repository.labels.set(label.name.toLowerCase(), label);
  return ok(rendered(call, label));
}
