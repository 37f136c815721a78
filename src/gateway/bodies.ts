/**
 * Reads the bodies of requests: each up to a limit, and all that are read at the same time up to another. Until its end a
 * body is not known to be GitHub's. So when there is no room left, the largest unfinished one makes room: many strangers
 * cannot keep a delivery of ordinary size out.
 */
import type { IncomingMessage } from 'node:http';

export interface BodyLimits {
  readonly bodyBytesMax: number;
  /** All unfinished bodies together, as they are kept in memory. */
  readonly allBytesMax: number;
}

/** `broken-off`: the sender is gone, or was too slow. */
export type BodyProblem = 'too-large' | 'crowded-out' | 'broken-off';

export interface Bodies {
  /** `onChunk` sees the bytes in order, so that a signature is computed while they arrive. */
  read(request: IncomingMessage, onChunk: (chunk: Buffer) => void): Promise<Buffer | BodyProblem>;
  /** What unfinished bodies use now. */
  readonly bytes: number;
}

/** What a chunk costs besides its bytes: a body may arrive one byte at a time. */
const CHUNK_BYTES = 256;

interface Reading {
  bytes: number;
  readonly end: (result: Buffer | BodyProblem) => void;
}

export function createBodies({ bodyBytesMax, allBytesMax }: BodyLimits): Bodies {
  const open = new Set<Reading>();
  let allBytes = 0;

  const read: Bodies['read'] = (request, onChunk) =>
    new Promise(resolve => {
      if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) {
        resolve('too-large');
        return;
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      const reading: Reading = {
        bytes: 0,
        end: result => {
          if (!open.delete(reading)) return;
          allBytes -= reading.bytes;
          request.off('data', take).off('end', complete).off('close', breakOff).pause();
          resolve(result);
        },
      };
      const take = (chunk: Buffer): void => {
        bytes += chunk.byteLength;
        if (bytes > bodyBytesMax) {
          reading.end('too-large');
          return;
        }
        onChunk(chunk);
        chunks.push(chunk);
        reading.bytes += chunk.byteLength + CHUNK_BYTES;
        allBytes += chunk.byteLength + CHUNK_BYTES;
        while (allBytes > allBytesMax) largest(open)?.end('crowded-out');
      };
      const complete = (): void => reading.end(Buffer.concat(chunks));
      const breakOff = (): void => reading.end('broken-off');
      open.add(reading);
      request.on('data', take).on('end', complete).on('close', breakOff);
      request.on('error', () => undefined);
    });

  return {
    read,
    get bytes() {
      return allBytes;
    },
  };
}

function largest(open: ReadonlySet<Reading>): Reading | undefined {
  let found: Reading | undefined;
  for (const one of open) if (found === undefined || one.bytes > found.bytes) found = one;
  return found;
}
