/** What a failed check says beyond its summary: its annotations, and the end of the log of its job. */
import { z } from 'zod';
import type { Fetch } from '../host/network/network.ts';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { isFailure } from './failure.ts';
import { locationOf } from './to-failure.ts';

export interface CheckRunOf extends RepositoryName {
  readonly id: number;
}

export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly level: string;
  readonly message: string;
}

const ANNOTATIONS_MAX = 50;

/** The first ones: one page. */
export async function annotationsOf(
  github: GitHub,
  { owner, repo, id }: CheckRunOf,
): Promise<readonly Annotation[]> {
  const asked = github.rest.checks.listAnnotations({
    owner,
    repo,
    check_run_id: id,
    per_page: ANNOTATIONS_MAX,
  });
  return await ask(asked, AnnotationsAnswer);
}

const AnnotationsAnswer = z.array(
  z
    .object({
      path: z.string(),
      start_line: z.number(),
      annotation_level: z.string().nullish(),
      message: z.string().nullish(),
    })
    .transform((answer): Annotation => ({
      path: answer.path,
      line: answer.start_line,
      level: answer.annotation_level ?? '',
      message: answer.message ?? '',
    })),
);

const LOG_TIMEOUT_MS = 30_000;
const LOG_END_BYTES = 64 * 1024;
/** Of a log whose length its server does not say. */
const LOG_READ_BYTES_MAX = 16 * 1024 * 1024;

/**
 * The end of the log of an Actions job, whose id is that of its check run; undefined if there is none to read. GitHub
 * redirects to its storage with a signed address, so the credential is not sent there.
 */
export async function endOfLog(github: GitHub, fetch: Fetch, job: CheckRunOf): Promise<string | undefined> {
  const address = await logAddress(github, job);
  if (address === undefined) return undefined;
  const whole = await get(fetch, address);
  const length = Number(whole.headers.get('content-length') ?? Number.NaN);
  if (!(length > LOG_END_BYTES)) return await endOf(whole);
  await whole.body?.cancel();
  return await endOf(await get(fetch, address, `bytes=${length - LOG_END_BYTES}-`));
}

async function logAddress(github: GitHub, { owner, repo, id }: CheckRunOf): Promise<string | undefined> {
  try {
    await github.rest.actions.downloadJobLogsForWorkflowRun({ owner, repo, job_id: id });
    return undefined;
  } catch (error) {
    if (!isFailure(error, 'moved', 'not-found', 'gone', 'forbidden')) throw error;
    const address = locationOf(error);
    return address !== undefined && isSafe(github.apiUrl, address) ? address : undefined;
  }
}

/** Encrypted, or the origin of an API that is not, which is on loopback only. */
function isSafe(apiUrl: string, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, origin } = new URL(address);
  return protocol === 'https:' || origin === new URL(apiUrl).origin;
}

async function get(fetch: Fetch, address: string, range?: string): Promise<Response> {
  return await fetch(address, {
    redirect: 'error',
    signal: AbortSignal.timeout(LOG_TIMEOUT_MS),
    headers: range === undefined ? {} : { range },
  });
}

/** Keeps no more than the end, however much arrives. */
async function endOf(response: Response): Promise<string | undefined> {
  if (!response.ok || response.body === null) return undefined;
  let end = Buffer.alloc(0);
  let read = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    read += chunk.byteLength;
    if (read > LOG_READ_BYTES_MAX) return undefined;
    end = Buffer.concat([end, chunk]).subarray(-LOG_END_BYTES);
  }
  return end.toString('utf8');
}
