/** Unix sockets that survive a kill: a dead one is replaced, a live one is never taken over. */
import type http from 'node:http';
import { chmodSync, rmSync } from 'node:fs';
import net from 'node:net';

/** Listens with the given mode; there is no moment with a wider one. */
export async function listenOn(server: http.Server, path: string, mode: number): Promise<void> {
  if (await answers(path)) throw new Error(`another model gateway is running on ${path}`);
  rmSync(path, { force: true });
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
      // Binding happens inside of listen(): other files of this process keep their mask.
      process.umask(before);
    });
  } finally {
    process.umask(before);
  }
  chmodSync(path, mode);
}

/** Ends at once, also with streams open. */
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
