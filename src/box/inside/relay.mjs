/**
 * Runs inside the box: leads 127.0.0.1:8080 to the model gateway's socket, starts the command, forwards TERM to it and
 * ends as it ends. Usage: relay.mjs SOCKET -- COMMAND ARGUMENT...
 * `fd:N` in the place of SOCKET: over that descriptor, as streams of HTTP/2 (src/box/agent-sandbox/tunnel.ts).
 */
import { spawn } from 'node:child_process';
import { connect as openSession } from 'node:http2';
import { constants } from 'node:os';
import net from 'node:net';

const PORT = 8080;
const CONNECTIONS_MAX = 64;

const [place = '', , ...command] = process.argv.slice(2);
const descriptor = /^fd:(\d+)$/.exec(place)?.[1];
const connect =
  descriptor === undefined
    ? () => net.connect({ path: place, allowHalfOpen: true })
    : streamsOver(Number(descriptor));

const server = net.createServer({ allowHalfOpen: true }, client => {
  const upstream = connect();
  // A gateway that is gone looks like a closed connection: the agent may try again.
  const close = () => {
    client.destroy();
    upstream.destroy();
  };
  client.on('error', close);
  upstream.on('error', close);
  client.on('close', () => upstream.destroy());
  upstream.on('close', () => client.end());
  client.pipe(upstream).pipe(client);
});
server.maxConnections = CONNECTIONS_MAX;

server.listen(PORT, '127.0.0.1', () => {
  const [file, args] = wordsOf(command);
  const child = spawn(file, args, { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  child.on('error', error => {
    process.stderr.write(`cannot start ${command[0] ?? 'nothing'}: ${error.message}\n`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
});

/**
 * The descriptor is the relay's alone: the command is started without it.
 * @param {string[]} command
 * @returns {[string, string[]]}
 */
function wordsOf([file = '', ...args]) {
  if (descriptor === undefined) return [file, args];
  return ['/bin/sh', ['-c', `exec "$@" ${descriptor}>&-`, 'relay', file, ...args]];
}

/** @param {number} fd */
function streamsOver(fd) {
  const socket = new net.Socket({ fd, readable: true, writable: true });
  const session = openSession('http://host', { createConnection: () => socket });
  session.on('error', () => undefined);
  return () => session.request({ ':method': 'CONNECT', ':authority': 'host' });
}
