/** Makes a server listen, and says where. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListenAddress {
  readonly host: string;
  /** 0 selects any free port. */
  readonly port: number;
}

/** Resolves to the URL, for example `http://127.0.0.1:8080`. Rejects with the code EADDRINUSE when the port is in use. */
export async function listenAt(server: Server, at: ListenAddress): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: at.host, port: at.port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return `http://${addressText({ host: at.host, port })}`;
}

/** `host:port`, with an IPv6 host in brackets. */
export function addressText({ host, port }: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
