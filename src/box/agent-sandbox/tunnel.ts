/**
 * Leads connections out of a box whose sandbox lets no socket through: over a descriptor that the box inherits, as
 * streams of HTTP/2, each to the socket that this box was given and to nothing else. Its other end is inside/relay.mjs.
 */
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import net from 'node:net';
import type { Duplex } from 'node:stream';

/** As many as the relay takes; what is in the box may speak to the descriptor by itself. */
const STREAMS_MAX = 64;

/** Returns how to close it. Bytes that are no HTTP/2 close it too: a session that has given up would not see the end. */
export function openTunnel(pipe: Duplex, socketPath: string): () => void {
  const sockets = new Set<net.Socket>();
  const openSocket = (): net.Socket => {
    const socket = net.connect({ path: socketPath, allowHalfOpen: true });
    sockets.add(socket);
    return socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer({ settings: { maxConcurrentStreams: STREAMS_MAX } });
  const sessions: ServerHttp2Session[] = [];
  server.on('session', session => {
    sessions.push(session);
    session.on('error', () => pipe.destroy());
    session.on('close', () => pipe.destroy());
  });
  server.on('stream', (stream, { ':method': method }) => {
    stream.on('error', () => undefined);
    if (method === 'CONNECT' && sockets.size < STREAMS_MAX) lead(stream, openSocket());
    else stream.close();
  });
  pipe.on('error', () => undefined);
  server.emit('connection', pipe);
  return () => {
    for (const session of sessions) session.destroy();
    for (const socket of sockets) socket.destroy();
    pipe.destroy();
  };
}

function lead(stream: ServerHttp2Stream, socket: net.Socket): void {
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
