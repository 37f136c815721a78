/** Maps errors of octokit and fetch to a named failure. */
import { networkTrouble } from '../host/network/trouble.ts';
import { GitHubFailure } from './failure.ts';
import type { GitHubFailureFacts, GitHubFailureKind } from './failure.ts';
import { redact } from './redact.ts';
import { AnswerTooLargeError, ForeignHostError, RedirectError } from './strict-fetch.ts';
import { saysRateLimit } from './messages.ts';

/** The original error is not kept as the cause, because it contains request bodies and headers. */
export function toFailure(error: unknown, requestRoute: string): GitHubFailure {
  if (error instanceof GitHubFailure) return error;
  const response = responseOf(error);
  const failure = new GitHubFailure(
    response ? answered(response, requestRoute) : unanswered(error, requestRoute),
  );
  const redirect = causesOf(error).find(cause => cause instanceof RedirectError);
  if (redirect?.location !== undefined) locations.set(failure, redirect.location);
  return failure;
}

/** Not in the failure, which is logged: the address of a stored log is signed. */
const locations = new WeakMap<GitHubFailure, string>();

/** Where GitHub redirected the request. */
export function locationOf(failure: GitHubFailure): string | undefined {
  return locations.get(failure);
}

interface FailedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

const MESSAGE_CHARS_MAX = 400;
const SECONDARY_LIMIT_WAIT_MS = 60_000;
const RETRY_AFTER_MS_MAX = 2 * 3_600_000;
const notSentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const kindByStatus: Readonly<Record<number, GitHubFailureKind>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'conflict',
  409: 'conflict',
  410: 'gone',
  451: 'forbidden',
};

function responseOf(error: unknown): FailedResponse | undefined {
  if (!isRecord(error) || !isRecord(error['response'])) return undefined;
  const { status, headers, data } = error['response'];
  if (typeof status !== 'number') return undefined;
  return { status, headers: isRecord(headers) ? headers : {}, data };
}

function answered(response: FailedResponse, requestRoute: string): GitHubFailureFacts {
  const message = messageOf(response);
  const needed = header(response, 'x-accepted-github-permissions');
  const common = {
    message,
    requestRoute,
    status: response.status,
    ...(needed === undefined ? {} : { neededPermissions: redact(needed, MESSAGE_CHARS_MAX) }),
  };
  if (isRateLimit(response, message)) return { ...common, kind: 'rate-limited', ...waitOf(response) };
  if (response.status >= 500) return { ...common, kind: 'unknown' };
  return { ...common, kind: kindByStatus[response.status] ?? 'invalid' };
}

function isRateLimit(response: FailedResponse, message: string): boolean {
  if (response.status === 429) return true;
  if (response.status !== 403) return false;
  if (header(response, 'retry-after') !== undefined) return true;
  if (header(response, 'x-ratelimit-remaining') === '0') return true;
  return saysRateLimit(message);
}

/** `retry-after`, else the reset time by the server's clock, else one minute, which callers increase. */
function waitOf(
  response: FailedResponse,
): Pick<GitHubFailureFacts, 'retryAfterMs' | 'retryAfterIsGuess' | 'hourIsUsedUp'> {
  const retryAfterSeconds = Number(header(response, 'retry-after') ?? Number.NaN);
  if (retryAfterSeconds >= 0) return { retryAfterMs: bounded(retryAfterSeconds * 1000) };
  const resetSeconds = Number(header(response, 'x-ratelimit-reset') ?? Number.NaN);
  if (header(response, 'x-ratelimit-remaining') === '0' && resetSeconds > 0) {
    const servedAtMs = Date.parse(header(response, 'date') ?? '');
    const now = Number.isNaN(servedAtMs) ? Date.now() : servedAtMs;
    return { retryAfterMs: bounded(resetSeconds * 1000 - now), hourIsUsedUp: true };
  }
  return { retryAfterMs: SECONDARY_LIMIT_WAIT_MS, retryAfterIsGuess: true };
}

function bounded(ms: number): number {
  return Math.min(Math.max(ms, 1000), RETRY_AFTER_MS_MAX);
}

/** No response: the innermost cause shows whether a byte can have reached GitHub. */
function unanswered(error: unknown, requestRoute: string): GitHubFailureFacts {
  const causes = causesOf(error);
  const redirect = causes.find(cause => cause instanceof RedirectError);
  if (redirect)
    return {
      kind: 'moved',
      status: redirect.status,
      requestRoute,
      message: 'the repository or issue was renamed or transferred',
    };
  if (causes.some(cause => cause instanceof ForeignHostError))
    return {
      kind: 'bad-answer',
      requestRoute,
      message: 'the request was not sent: its host is not the API',
    };
  const code = causes.map(codeOf).findLast(found => found !== undefined);
  const trouble = networkTrouble(error);
  if (trouble !== undefined)
    return {
      kind: 'not-sent',
      requestRoute,
      message: `GitHub cannot be reached: ${trouble.what}; ${trouble.fix}`,
    };
  if (code !== undefined && notSentCodes.has(code))
    return { kind: 'not-sent', requestRoute, message: `GitHub cannot be reached (${code})` };
  // After a write it is unknown what happened.
  if (requestRoute.startsWith('GET ') && causes.some(cause => cause instanceof AnswerTooLargeError))
    return { kind: 'too-large', requestRoute, message: 'the response is too large' };
  return {
    kind: 'unknown',
    requestRoute,
    message: `no complete response from GitHub (${whyUnknown(causes, code)})`,
  };
}

function whyUnknown(causes: readonly unknown[], code: string | undefined): string {
  if (causes.some(cause => cause instanceof SyntaxError)) return 'the body is not JSON';
  if (causes.some(cause => cause instanceof AnswerTooLargeError)) return 'the response is too large';
  const names = causes.map(cause => (cause instanceof Error ? cause.name : ''));
  if (names.includes('TimeoutError')) return 'timeout';
  if (names.includes('AbortError')) return 'aborted';
  return code ?? 'connection lost';
}

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let at = error; at !== undefined && at !== null && causes.length < 8;) {
    causes.push(at);
    at = at instanceof AggregateError ? at.errors[0] : isRecord(at) ? at['cause'] : undefined;
  }
  return causes;
}

function codeOf(cause: unknown): string | undefined {
  return isRecord(cause) && typeof cause['code'] === 'string' ? cause['code'] : undefined;
}

/** GitHub's message and those of its `errors`, where a 422 says what is wrong. */
function messageOf(response: FailedResponse): string {
  const data = isRecord(response.data) ? response.data : {};
  const errors = Array.isArray(data['errors']) ? (data['errors'] as unknown[]) : [];
  const parts = [
    data['message'],
    ...errors.map(error => (isRecord(error) ? (error['message'] ?? error['code']) : error)),
  ];
  const text = parts.filter(part => typeof part === 'string').join(': ');
  return redact(text === '' ? `GitHub answered ${response.status}` : text, MESSAGE_CHARS_MAX);
}

function header(response: FailedResponse, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
