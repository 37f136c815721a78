/** What operators count about a request to GitHub: a class from a short list, the status, and the rate limit it left. */

export interface AnswerFacts {
  /** Method and kind of resource, for example `GET issues`. */
  readonly requestClass: string;
  /** 0: no answer. */
  readonly status: number;
  readonly quota?: QuotaFacts;
}

export interface QuotaFacts {
  readonly resource: string;
  readonly limit: number;
  readonly remaining: number;
  /** Unix time in seconds. */
  readonly resetsAt: number;
}

const KINDS: ReadonlySet<string> = new Set([
  'branches',
  'collaborators',
  'commits',
  'compare',
  'contents',
  'deployments',
  'git',
  'issues',
  'labels',
  'pulls',
  'statuses',
]);
const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']);
const RESOURCE = /^[a-z_]{1,40}$/;

export function answerFacts(method: string | undefined, url: string, response?: Response): AnswerFacts {
  const asked = method ?? 'GET';
  const requestClass = `${METHODS.has(asked) ? asked : 'OTHER'} ${kindOf(new URL(url).pathname)}`;
  if (response === undefined) return { requestClass, status: 0 };
  const quota = quotaFacts(response.headers);
  return { requestClass, status: response.status, ...(quota === undefined ? {} : { quota }) };
}

/** On GitHub Enterprise Server, paths start with `/api/v3`. */
function kindOf(pathname: string): string {
  const [first = '', ...rest] = pathname
    .replace(/^\/api(?:\/v3)?\//, '/')
    .split('/')
    .filter(part => part !== '');
  if (first !== 'repos') return ['app', 'graphql', 'user'].includes(first) ? first : 'other';
  const [, , kind] = rest;
  if (kind === undefined) return 'repository';
  return KINDS.has(kind) ? kind : 'other';
}

function quotaFacts(headers: Headers): QuotaFacts | undefined {
  const resource = headers.get('x-ratelimit-resource') ?? 'core';
  const [limit, remaining, resetsAt] = ['limit', 'remaining', 'reset'].map(name => {
    const text = headers.get(`x-ratelimit-${name}`);
    return text === null ? Number.NaN : Number(text);
  });
  if (limit === undefined || remaining === undefined || resetsAt === undefined) return undefined;
  const known = [limit, remaining, resetsAt].every(Number.isSafeInteger) && RESOURCE.test(resource);
  return known ? { resource, limit, remaining, resetsAt } : undefined;
}
