/** A real HTTP proxy on the loopback (CONNECT only), with a user and a password if the test wants them. */
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface ConnectProxy {
  /** With user and password. */
  readonly url: string;
  /** `host:port` of every tunnel that was made, in order. */
  readonly tunnels: string[];
  readonly close: () => void;
}

export interface ConnectProxyOptions {
  readonly user?: string;
  readonly password?: string;
  /** Refuses every tunnel with this status. */
  readonly refuses?: number;
}

export async function connectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const { user, password = '', refuses } = options;
  const tunnels: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, near: Socket) => {
    const wanted = `Basic ${Buffer.from(`${user ?? ''}:${password}`).toString('base64')}`;
    const isKnown = user === undefined || request.headers['proxy-authorization'] === wanted;
    const status = refuses ?? (isKnown ? undefined : 407);
    near.on('error', () => near.destroy());
    if (status !== undefined) {
      const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="test"\r\n' : '';
      near.end(`HTTP/1.1 ${status} No\r\n${challenge}Content-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    const { port } = new URL(`http://${request.url ?? ''}`);
    tunnels.push(request.url ?? '');
    const far = connect(Number(port), '127.0.0.1', () => {
      near.write('HTTP/1.1 200 OK\r\n\r\n');
      near.pipe(far).pipe(near);
    });
    far.on('error', () => near.destroy());
    for (const socket of [near, far]) sockets.add(socket);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const login = user === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  return {
    url: `http://${login}127.0.0.1:${port}`,
    tunnels,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
