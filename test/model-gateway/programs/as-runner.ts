/** A runner of another user than the model gateway: registers a run, restricts its socket, and uses it; prints what happened. */
import net from 'node:net';
import { dirname } from 'node:path';
import { readFileSync } from 'node:fs';
import { modelGatewayClient } from '../../../src/model-gateway/client.ts';
import { controlSocketPath } from '../../../src/model-gateway/config.ts';
import { keepSocketForBox } from '../../../src/model-gateway/socket-guard.ts';
import { plenty, post, testModel } from '../support/gateway.ts';

const [dir = '', runId = '', patienceMs = ''] = process.argv.slice(2);
const client = modelGatewayClient(controlSocketPath(dir), { patienceMs: Number(patienceMs) });
const run = await client.register({ runId, model: testModel, limits: plenty });
await keepSocketForBox(run.socketPath, undefined);
const { status } = await post(run);
const { requests } = await client.usage(runId);
process.stdout.write(
  `${JSON.stringify({ status, requests, run: dirname(run.socketPath), state: readable(`${dir}/state.json`), control: await reach(controlSocketPath(dir)) })}\n`,
);

function readable(file: string): string {
  try {
    readFileSync(file);
    return 'yes';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? '';
  }
}

function reach(path: string): Promise<string> {
  return new Promise(resolve => {
    const socket = net.connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('yes');
    });
    socket.once('error', error => resolve((error as NodeJS.ErrnoException).code ?? ''));
  });
}
