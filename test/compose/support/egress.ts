/** Asks the egress proxy for a connection, from a container. */
import { nodeIn } from './containers.ts';

const ASK = `
import { request } from 'node:http';
const [host, port, target] = process.argv.slice(2);
const asked = request({ host, port, method: 'CONNECT', path: target, timeout: 20000 });
asked.on('connect', answer => { console.log(answer.statusCode); process.exit(); });
asked.on('response', answer => { console.log(answer.statusCode); process.exit(); });
asked.on('error', error => { console.log(error.code); process.exit(); });
asked.end();
`;
const PORT = '8766';

/** Resolves to the proxy's status. */
export async function connectThrough(service: string, target: string): Promise<number> {
  return Number(await nodeIn(service, ASK, ['egress-proxy', PORT, target]));
}
