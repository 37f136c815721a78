/** Logs of jobs, as GitHub's storage serves them: under a signed address of another origin's form, without a credential. */
import type { CheckRun } from '../model.ts';
import type { WireReply } from '../control/sabotage.ts';
import type { World } from '../world.ts';
import type { RawRequest } from './exchange.ts';

const PATH = /^\/_storage\/job-logs\/(\d+)$/;

export const logUrl = ({ url }: World, { id }: CheckRun): string =>
  `${url}/_storage/job-logs/${id}?sig=${signature(id)}`;

const signature = (id: number): string => `s${(id * 7919) % 1_000_003}`;

/** Undefined for other paths. A credential is refused, as Azure's storage does: it takes the signature alone. */
export function storedLog(world: World, { path, query, headers }: RawRequest): WireReply | undefined {
  const id = Number(PATH.exec(path)?.[1] ?? Number.NaN);
  if (Number.isNaN(id)) return undefined;
  const runs = world.repositories.flatMap(({ checkRuns }) => checkRuns);
  const log = runs.find(run => run.id === id)?.log;
  if (log === undefined || query.get('sig') !== signature(id)) return plain(403, Buffer.from('denied'));
  if (headers.authorization !== undefined) return plain(401, Buffer.from('one way of authorization only'));
  return ranged(log, headers.range);
}

/** A range with a start. One that counts from the end is ignored, as by Azure's storage. */
function ranged(log: Buffer, range = ''): WireReply {
  const start = Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) return plain(200, log);
  const total = log.byteLength;
  return plain(206, log.subarray(start), { 'content-range': `bytes ${start}-${total - 1}/${total}` });
}

function plain(status: number, body: Buffer, more: Record<string, string> = {}): WireReply {
  const headers = { 'content-type': 'text/plain', 'content-length': String(body.byteLength), ...more };
  return { status, headers, body };
}
