/** REST: check runs. Everybody with the permission reads them; only an App writes them. */
import { addCheckRun } from '../acts/delivery.ts';
import type { CheckAnnotation, Json } from '../model.ts';
import { renderCheckRun } from '../render/delivery.ts';
import { forbidden, unprocessable } from '../http/errors.ts';
import { type Call, created, param, type Reply, requiredText, text, word } from '../http/exchange.ts';
import { linkHeader, pageOf } from '../http/pages.ts';
import { repositoryRoute, type Route } from '../http/route.ts';
import { commitOf } from './lookup.ts';

const needs = { permissions: ['checks'] };

export const checkRunRoutes = (): Route[] => [
  repositoryRoute('GET /commits/{ref}/check-runs', needs, listCheckRuns),
  repositoryRoute('POST /check-runs', { ...needs, role: 'write' }, postCheckRun),
];

async function listCheckRuns(call: Call): Promise<Reply> {
  const sha = await commitOf(call, param(call, 'ref'));
  const name = call.query.get('check_name');
  const status = call.query.get('status');
  const runs = call.repository.checkRuns
    .filter(
      run =>
        run.sha === sha && (name === null || run.name === name) && (status === null || run.status === status),
    )
    // `filter=latest`, the default: the newest run of each name
    .filter(
      (run, at, all) =>
        call.query.get('filter') === 'all' || all.findLastIndex(one => one.name === run.name) === at,
    );
  const { page, last, shown } = pageOf(call.query, runs);
  const check_runs = shown.map(run => renderCheckRun(call.world, call.repository, run));
  return {
    status: 200,
    body: { total_count: runs.length, check_runs },
    headers: linkHeader(call, page, last),
  };
}

const CONCLUSIONS = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'timed_out',
] as const;

async function postCheckRun(call: Call): Promise<Reply> {
  if (call.credential.installation !== true) throw forbidden('You must authenticate via a GitHub App.');
  const sha = await commitOf(call, requiredText(call.body, 'head_sha'));
  const conclusion = word(text(call.body, 'conclusion') ?? '', CONCLUSIONS);
  if (conclusion === undefined) throw unprocessable('conclusion is not included in the list');
  const output = objectOf(call.body.output);
  const run = addCheckRun(call, {
    sha,
    name: requiredText(call.body, 'name'),
    conclusion,
    externalId: text(call.body, 'external_id') ?? '',
    title: requiredText(output, 'title'),
    summary: requiredText(output, 'summary'),
    annotations: annotationsOf(output),
    ...optional('detailsUrl', text(call.body, 'details_url')),
  });
  return created(renderCheckRun(call.world, call.repository, run));
}

function annotationsOf({ annotations }: Json): readonly CheckAnnotation[] {
  if (!Array.isArray(annotations)) return [];
  return annotations.map(objectOf).map(one => ({
    path: requiredText(one, 'path'),
    title: text(one, 'title') ?? null,
    message: requiredText(one, 'message'),
  }));
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}
