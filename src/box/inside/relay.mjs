/**
 * Runs inside the box: forwards 127.0.0.1:8080 to a socket (model gateway or set-up proxy), starts the command, forwards
 * signals to it and exits with its exit code. Usage: relay.mjs SOCKET -- COMMAND ARGUMENT...
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import net from 'node:net';

const PORT = 8080;
const CONNECTIONS_MAX = 64;

const [socketPath = '', , command = '', ...args] = process.argv.slice(2);

const server = net.createServer({ allowHalfOpen: true }, client => {
  const upstream = net.connect({ path: socketPath, allowHalfOpen: true });
  // If the gateway is gone, the agent sees a closed connection and can retry.
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
  const child = spawn(command, args, { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  child.on('error', error => {
    process.stderr.write(`cannot start ${command}: ${error.message}\n`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
});
