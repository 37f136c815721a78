/** Delay from the provider's byte to the agent's byte: directly, and through gateway, socket, box and relay. */
import { execFile } from 'node:child_process';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { nodeInBox } from '../../src/box/about-box.ts';
import { runInBox } from '../../src/box/run.ts';
import { defaultLimits } from '../../src/box/spec.ts';
import { detectTier } from '../../src/box/detect.ts';
import {
  goodBody,
  openStage,
  plenty,
  providerKey,
  testModel,
} from '../../test/model-gateway/support/gateway.ts';
import { prose } from '../../simulator/model/scripts.ts';

export interface StreamDelays {
  readonly straight: readonly number[];
  readonly boxed: readonly number[];
}

const CLIENT = fileURLToPath(new URL('stream-client.mjs', import.meta.url));
const PIECES = 100;
const PAUSE_MS = 5;

export async function streamDelays(): Promise<StreamDelays> {
  const provider = await openProvider();
  const stage = await openStage({ script: prose, env: { SIGNALBOX_MODEL_BASE_URL: provider.url } });
  try {
    const body = JSON.stringify(goodBody());
    const args = [CLIENT, provider.url, providerKey, body];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const straight = delaysOf(stdout);
    const { token, socketPath } = await stage.client.register({
      runId: 'stream',
      model: testModel,
      limits: plenty,
    });
    const lines: string[] = [];
    const tier = await detectTier();
    const node = nodeInBox(tier);
    await runInBox(
      {
        command: node.path,
        args: ['/opt/client.mjs', 'http://127.0.0.1:8080/v1', token, body],
        ...{ env: { PATH: '/usr/bin:/bin' }, stdin: '', limits: defaultLimits, modelSocketPath: socketPath },
        readOnlyMounts: [{ from: CLIENT, to: '/opt/client.mjs' }],
      },
      { tier, onStdoutLine: text => lines.push(text) },
    );
    return { straight, boxed: delaysOf(lines.join('')) };
  } finally {
    await stage.close();
    await provider.close();
  }
}

function delaysOf(text: string): readonly number[] {
  const { status, delays } = JSON.parse(text) as { status: number; delays: number[] };
  if (status !== 200 || delays.length !== PIECES)
    throw new Error(`the stream did not arrive: ${text.slice(0, 200)}`);
  return delays;
}

/** Writes the send time into each piece. */
async function openProvider(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => void stream(response));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function stream(response: http.ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (value: unknown): unknown => response.write(`data: ${JSON.stringify(value)}\n\n`);
  for (let piece = 0; piece < PIECES; piece++) {
    send({ type: 'response.output_text.delta', delta: String(process.hrtime.bigint()) });
    await delay(PAUSE_MS);
  }
  send({
    type: 'response.completed',
    response: { id: 'r', usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } },
  });
  response.end();
}
