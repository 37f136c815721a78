/** Connects to a target through another proxy, by CONNECT: that one resolves the name and checks the address. */
import http from 'node:http';
import type net from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { addressText } from '../../host/listening.ts';
import type { Target } from './allow-list.ts';
import { CONNECT_TIMEOUT_MS, type Dial } from './dial.ts';

/** It resolves, checks and connects before it answers: give it time for all its addresses. */
const ANSWER_TIMEOUT_MS = 4 * CONNECT_TIMEOUT_MS + 10_000;
const REASON_BYTES_MAX = 2_000;
const REASON_CHARS_MAX = 300;

export function dialThrough(proxy: URL): Dial {
  return target => answerOf(proxy, target);
}

function answerOf(proxy: URL, target: Target): ReturnType<Dial> {
  return new Promise(resolve => {
    const { hostname, port } = urlToHttpOptions(proxy);
    const path = addressText(target);
    const request = http.request({
      ...{ hostname, port: port ?? 80, method: 'CONNECT', path, agent: false },
      headers: { host: path },
      timeout: ANSWER_TIMEOUT_MS,
    });
    const unreachable = (): void => resolve({ refused: `the egress proxy ${proxy.host} cannot be reached` });
    request.once('timeout', () => request.destroy());
    request.once('error', unreachable);
    request.once('connect', (response, socket, head) => {
      socket.setTimeout(0);
      if (head.length > 0) socket.unshift(head);
      if (response.statusCode === 200) resolve({ socket });
      else
        void reasonIn(socket).then(reason =>
          resolve({
            refused: `the egress proxy refuses it: ${reason || `status ${response.statusCode ?? 0}`}`,
          }),
        );
    });
    request.end();
  });
}

/** The text of the refusal, which another process wrote. */
async function reasonIn(socket: net.Socket): Promise<string> {
  let text = '';
  try {
    for await (const piece of socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy())) {
      text += String(piece);
      if (text.length > REASON_BYTES_MAX) break;
    }
  } catch {
    // What arrived before the connection broke is enough.
  } finally {
    socket.destroy();
  }
  return text
    .replace(/^signalbox: /, '')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, REASON_CHARS_MAX);
}
