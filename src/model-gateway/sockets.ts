/** Unix sockets that survive a kill: a dead socket is replaced, a live one is never taken over. */
import type http from 'node:http';
import { chmodSync, rmSync } from 'node:fs';
import net from 'node:net';

/** Listens with the given mode; the socket never has a wider one, not even briefly. */
export async function listenOn(server: http.Server, path: string, mode: number): Promise<void> {
  if (await answers(path))
    throw new Error(
      `another model gateway is listening on ${path}. Fix: stop it, or set another SIGNALBOX_MODEL_GATEWAY_DIR`,
    );
  rmSync(path, { force: true });
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
      // listen() binds synchronously: restore the umask for other files of this process.
      process.umask(before);
    });
  } finally {
    process.umask(before);
  }
  chmodSync(path, mode);
}

/** Closes immediately, even with open streams. */
export function closeServer(server: http.Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect(path);
    const done = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}
