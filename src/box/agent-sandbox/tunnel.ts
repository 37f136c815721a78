/**
 * Leads connections out of a box whose sandbox lets no socket through: over a descriptor that the box inherits, as
 * streams of HTTP/2, each to the socket that this box was given and to nothing else. Its other end is inside/relay.mjs.
 */
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import net from 'node:net';
import type { Duplex } from 'node:stream';

/** Returns how to close it. */
export function openTunnel(pipe: Duplex, socketPath: string): () => void {
  const server = createServer();
  const sessions: ServerHttp2Session[] = [];
  server.on('session', session => {
    session.on('error', () => undefined);
    sessions.push(session);
  });
  server.on('stream', (stream, { ':method': method }) => {
    stream.on('error', () => undefined);
    if (method === 'CONNECT') lead(stream, socketPath);
    else stream.close();
  });
  pipe.on('error', () => undefined);
  server.emit('connection', pipe);
  return () => {
    for (const session of sessions) session.destroy();
    pipe.destroy();
  };
}

function lead(stream: ServerHttp2Stream, socketPath: string): void {
  const socket = net.connect({ path: socketPath, allowHalfOpen: true });
  const close = (): void => {
    socket.destroy();
    stream.close();
  };
  socket.on('connect', () => stream.respond({ ':status': 200 }));
  socket.on('error', close);
  socket.on('close', () => stream.end());
  stream.on('close', () => socket.destroy());
  stream.pipe(socket).pipe(stream);
}
