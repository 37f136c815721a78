/** Reads a request's body up to a limit and not one byte more. */
import type { IncomingMessage } from 'node:http';

/** Undefined when the body or its Content-Length is larger than the limit; the rest is never read. */
export async function readBody(request: IncomingMessage, bodyBytesMax: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > bodyBytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
