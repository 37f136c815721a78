/** Reads a request body up to a limit; what is beyond is drained for a while, so that the answer can be heard. */
import type http from 'node:http';

/** How much more than the limit is thrown away politely before the connection is cut. */
const drainFactor = 4;

/** undefined: larger than `bytesMax`. */
export async function readBodyText(
  request: http.IncomingMessage,
  bytesMax: number,
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bytesMax) chunks.push(chunk);
    else if (bytes > bytesMax * drainFactor) return undefined;
  }
  return bytes <= bytesMax ? Buffer.concat(chunks).toString('utf8') : undefined;
}
