/** Bounds the connections of a server. When there are too many, the oldest one whose sender is not known makes room. */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  /** Until it is answered: a signed delivery came over this connection. */
  keep(socket: Socket, response: ServerResponse): void;
  /** Ends every connection whose sender is not known. */
  endStrangers(): void;
}

export function boundConnections(server: Server, connectionsMax: number): Connections {
  const strangers = new Set<Socket>();
  let count = 0;
  const end = (socket: Socket | undefined): void => {
    if (socket === undefined) return;
    strangers.delete(socket);
    socket.destroy();
  };
  server.on('connection', (socket: Socket) => {
    count += 1;
    strangers.add(socket);
    socket.once('close', () => {
      count -= 1;
      strangers.delete(socket);
    });
    if (count > connectionsMax) end(strangers.values().next().value);
  });
  return {
    keep(socket, response) {
      strangers.delete(socket);
      response.once('close', () => {
        if (!socket.destroyed) strangers.add(socket);
      });
    },
    endStrangers: () => strangers.forEach(end),
  };
}
