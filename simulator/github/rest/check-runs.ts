/** REST: an App reports a check run. */
import { addCheckRun } from '../acts/checks.ts';
import type { Annotation, Json } from '../model.ts';
import { renderCheckRun } from '../render/checks.ts';
import { forbidden, invalid, unprocessable } from '../http/errors.ts';
import { type Call, created, type Reply, requiredText, text, word } from '../http/exchange.ts';
import { repositoryRoute, type Route } from '../http/route.ts';
import { commitOf } from './lookup.ts';

const needs = { permissions: ['checks'] };

export const checkRunRoutes = (): Route[] => [
  repositoryRoute('POST /check-runs', { ...needs, role: 'write' }, postCheckRun),
];

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

/** GitHub's bound for one request. */
const ANNOTATIONS_MAX = 50;

function annotationsOf({ annotations }: Json): readonly Annotation[] {
  if (!Array.isArray(annotations)) return [];
  if (annotations.length > ANNOTATIONS_MAX)
    throw invalid('CheckRun', `a request can have at most ${ANNOTATIONS_MAX} annotations`);
  return annotations.map(objectOf).map(one => ({
    path: requiredText(one, 'path'),
    line: Number(one['start_line'] ?? 1),
    ...optional('title', text(one, 'title')),
    message: requiredText(one, 'message'),
  }));
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}
