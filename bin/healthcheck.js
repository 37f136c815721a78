#!/usr/bin/env node
/**
 * The health check of a container: asks `/healthz` of the process in it, at the port of SIGNALBOX_HEALTH_LISTEN.
 * Exit code 0: healthy. 1: not healthy, with the cause on standard error. Needs nothing but Node.
 */
import { get } from 'http';

const TIMEOUT_MS = 4000;
const TEXT_CHARS_MAX = 2000;

const port = /:(\d{1,5})$/.exec(process.env['SIGNALBOX_HEALTH_LISTEN'] ?? '')?.[1];
if (port === undefined) {
  unhealthy('SIGNALBOX_HEALTH_LISTEN is not host:port. Fix: set it to the value that the process has');
} else {
  ask(Number(port));
}

/** @param {number} at */
function ask(at) {
  // Whatever host the process listens on, inside the container it answers on loopback.
  const request = get({ host: '127.0.0.1', port: at, path: '/healthz', agent: false }, response => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (/** @type {string} */ piece) => {
      text = (text + piece).slice(0, TEXT_CHARS_MAX);
    });
    response.once('end', () => {
      clearTimeout(timer);
      if (response.statusCode !== 200) unhealthy(text.trim());
    });
  });
  const timer = setTimeout(() => {
    request.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`));
  }, TIMEOUT_MS);
  request.once('error', error => {
    clearTimeout(timer);
    unhealthy(`the process does not answer on port ${at}: ${error.message}`);
  });
}

/** @param {string} cause */
function unhealthy(cause) {
  process.stderr.write(`${cause}\n`);
  process.exitCode = 1;
}
