/** REST: commit statuses, check runs with their annotations and logs, and checks that run again. */
import type { CheckRun, CommitStatus } from '../model.ts';
import { ACTIONS, addStatus, runAgain } from '../acts/checks.ts';
import { logUrl } from '../http/job-logs.ts';
import { renderAnnotation, renderCheckRun, renderSimpleStatus, renderStatus } from '../render/checks.ts';
import { renderMinimalRepository, repositoryApi } from '../render/repository.ts';
import { forbidden, notFound, unprocessable } from '../http/errors.ts';
import { created, param, requiredText, text, word, type Call, type Reply } from '../http/exchange.ts';
import { linkHeader, pageOf, paginated } from '../http/pages.ts';
import { repositoryRoute, type Route } from '../http/route.ts';
import { commitOf } from './lookup.ts';

const needs = (permission: string) => ({ permissions: [permission] });
const writer = (permission: string) => ({ permissions: [permission], role: 'write' }) as const;

export const checkRoutes = (): Route[] => [
  repositoryRoute('POST /statuses/{sha}', writer('statuses'), postStatus),
  repositoryRoute('GET /commits/{ref}/status', needs('statuses'), combinedStatus),
  repositoryRoute('GET /commits/{ref}/check-runs', needs('checks'), listCheckRuns),
  repositoryRoute('GET /check-runs/{check_run_id}/annotations', needs('checks'), listAnnotations),
  repositoryRoute('POST /check-runs/{check_run_id}/rerequest', writer('checks'), rerequest),
  repositoryRoute('GET /actions/jobs/{job_id}/logs', needs('actions'), jobLog),
  repositoryRoute('POST /actions/jobs/{job_id}/rerun', writer('actions'), rerunJob),
];

async function postStatus(call: Call): Promise<Reply> {
  const sha = await commitOf(call, param(call, 'sha'));
  const state = word(requiredText(call.body, 'state'), ['error', 'failure', 'pending', 'success']);
  if (state === undefined) throw unprocessable('state is not included in the list');
  const context = text(call.body, 'context') ?? 'default';
  const description = text(call.body, 'description') ?? null;
  const targetUrl = text(call.body, 'target_url') ?? null;
  const status = addStatus(call, { sha, state, context, description, targetUrl });
  return created(renderStatus(call.world, call.repository, status));
}

function combinedState(statuses: readonly CommitStatus[]): string {
  if (statuses.some(status => status.state === 'failure' || status.state === 'error')) return 'failure';
  return statuses.length === 0 || statuses.some(status => status.state === 'pending') ? 'pending' : 'success';
}

async function combinedStatus(call: Call): Promise<Reply> {
  const { world, repository } = call;
  const sha = await commitOf(call, param(call, 'ref'));
  const last = new Map(repository.statuses.filter(one => one.sha === sha).map(one => [one.context, one]));
  const statuses = [...last.values()];
  const url = `${repositoryApi(world, repository)}/commits/${sha}`;
  const { page, last: lastPage, shown } = pageOf(call.query, statuses);
  const body = {
    state: combinedState(statuses),
    statuses: shown.map(status => renderSimpleStatus(world, repository, status)),
    sha,
    total_count: statuses.length,
    repository: renderMinimalRepository(world, repository),
    commit_url: url,
    url: `${url}/status`,
  };
  return { status: 200, body, headers: linkHeader(call, page, lastPage) };
}

async function listCheckRuns(call: Call): Promise<Reply> {
  const sha = await commitOf(call, param(call, 'ref'));
  const name = call.query.get('check_name');
  const status = call.query.get('status');
  const runs = call.repository.checkRuns
    .filter(
      run =>
        run.sha === sha && (name === null || run.name === name) && (status === null || run.status === status),
    )
    // `filter=latest`, the default: the newest run of each name by each App
    .filter(
      (run, at, all) =>
        call.query.get('filter') === 'all' ||
        all.findLastIndex(one => one.name === run.name && one.app === run.app) === at,
    );
  const { page, last, shown } = pageOf(call.query, runs);
  const check_runs = shown.map(run => renderCheckRun(call.world, call.repository, run));
  return {
    status: 200,
    body: { total_count: runs.length, check_runs },
    headers: linkHeader(call, page, last),
  };
}

function runOf(call: Call, id: string): CheckRun {
  const run = call.repository.checkRuns.find(one => one.id === Number(param(call, id)));
  if (run === undefined) throw notFound();
  return run;
}

/** The id of a job is that of its check run. */
function jobOf(call: Call): CheckRun {
  const run = runOf(call, 'job_id');
  if (run.app !== ACTIONS) throw notFound();
  return run;
}

function listAnnotations(call: Call): Reply {
  const { world, repository } = call;
  const run = runOf(call, 'check_run_id');
  return paginated(call, [...run.annotations], annotation =>
    renderAnnotation(world, repository, { run, annotation }),
  );
}

function rerequest(call: Call): Reply {
  const run = runOf(call, 'check_run_id');
  if (run.status !== 'completed') throw unprocessable('This check run is not rerequestable');
  runAgain(call, run);
  return created({});
}

function rerunJob(call: Call): Reply {
  const run = jobOf(call);
  const isLatest =
    call.repository.checkRuns.findLast(one => one.sha === run.sha && one.name === run.name) === run;
  if (run.status !== 'completed' || !isLatest)
    throw forbidden('This workflow run is already running, so it cannot be rerun.');
  runAgain(call, run);
  return created({});
}

function jobLog(call: Call): Reply {
  const run = jobOf(call);
  if (run.log === undefined) throw notFound();
  return { status: 302, headers: { location: logUrl(call.world, run) } };
}
