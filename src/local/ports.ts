/** Loopback ports: find free ones; if a requested port is taken, name the setting to change in one line. */
import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { LocalProblem } from './local-problem.ts';

export const LOOPBACK = '127.0.0.1';

const ANSWER_TIMEOUT_MS = 1_000;

export interface WantedPort {
  /** 0 asks for any free port. */
  readonly port: number;
  readonly what: string;
  /** The environment variable that sets it. */
  readonly setting: string;
}

/**
 * The range for free ports. It is below the ephemeral ports of outgoing connections (from 32768 on Linux, from 49152
 * by IANA): such a connection could take a port between our check and its use.
 */
const FIRST_PORT = 15_000;
const PORTS = 17_000;
const PORTS_TRIED = 50;

/** Holds all ports at the same time before it releases any, so that no two are equal. */
export async function reservePorts(wanted: readonly WantedPort[]): Promise<readonly number[]> {
  const held = await Promise.allSettled(wanted.map(holdPort));
  const holds = held.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
  await Promise.all(holds.map(hold => hold.close()));
  const failed = held.find(result => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return holds.map(hold => hold.port);
}

/** Whether a server listens on the port; answers immediately, while a gRPC channel would back off before it retries. */
export function isListening(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: LOOPBACK, port, timeout: ANSWER_TIMEOUT_MS });
    const answer = (listening: boolean): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
    socket.once('timeout', () => answer(false));
  });
}

interface HeldPort {
  readonly port: number;
  close(): Promise<void>;
}

async function holdPort(wanted: WantedPort): Promise<HeldPort> {
  for (let tried = 1; wanted.port === 0 && tried < PORTS_TRIED; tried += 1) {
    const held = await hold({ ...wanted, port: FIRST_PORT + randomInt(PORTS) }).catch(() => undefined);
    if (held !== undefined) return held;
  }
  return await hold(wanted);
}

function hold(wanted: WantedPort): Promise<HeldPort> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', error => reject(portProblem(wanted, error)));
    server.listen({ host: LOOPBACK, port: wanted.port, exclusive: true }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted.port;
      resolve({ port, close: () => new Promise(done => server.close(() => done())) });
    });
  });
}

function portProblem({ port, what, setting }: WantedPort, error: NodeJS.ErrnoException): LocalProblem {
  const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${error.code ?? error.message})`;
  return new LocalProblem('port-in-use', {
    what: `port ${port} for ${what} ${why}`,
    fix: `stop the process that uses it, or set ${setting} to another port (0 = any)`,
  });
}
