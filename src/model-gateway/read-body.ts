/** Reads a request body up to a limit. It drains some of the rest, so that the client can read the answer. */
import type http from 'node:http';

/** The connection is closed when the body exceeds the limit by this factor. */
const DRAIN_FACTOR = 4;

/** Resolves to undefined when the body is larger than `bytesMax`. */
export async function readBodyText(
  request: http.IncomingMessage,
  bytesMax: number,
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bytesMax) chunks.push(chunk);
    else if (bytes > bytesMax * DRAIN_FACTOR) return undefined;
  }
  return bytes <= bytesMax ? Buffer.concat(chunks).toString('utf8') : undefined;
}
