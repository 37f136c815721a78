/**
 * Reads one streamed answer and prints, for each piece, how long it was under way: the provider writes the time into it.
 * Both clocks are the machine's own monotonic one. Usage: stream-client.mjs BASE_URL TOKEN BODY
 */
import http from 'node:http';

const [baseUrl = '', token = '', body = ''] = process.argv.slice(2);
const request = http.request(`${baseUrl}/responses`, {
  method: 'POST',
  headers: {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'text/event-stream',
  },
});
request.on('response', response => {
  /** @type {number[]} */
  const delays = [];
  response.setEncoding('utf8');
  response.on('data', (/** @type {string} */ text) => {
    const now = process.hrtime.bigint();
    for (const [, sent = ''] of text.matchAll(/"delta":"(\d+)"/g))
      delays.push(Number(now - BigInt(sent)) / 1e6);
  });
  response.on('end', () =>
    process.stdout.write(`${JSON.stringify({ status: response.statusCode, delays })}\n`),
  );
});
request.end(body);
