/**
 * Loaded before a process of the demo (`node --import`): the simulated GitHub, which speaks plain http, on the process's own
 * loopback. Our processes send a credential to https or to loopback only, and this rule has no exception for a demo.
 */
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { isMainThread } from 'node:worker_threads';

/** The setting of the process that this is loaded into: one port, on its loopback and at the simulated GitHub. */
const PORT = Number(new URL(process.env['GITHUB_API_URL'] ?? '').port);
const HOST = 'demo-github';

// Threads for workflows load it too.
if (isMainThread)
  createServer(near => {
    const far = connect(PORT, HOST);
    // Whichever side breaks off ends the other; the process sees it as GitHub's own failure.
    pipeline(near, far, near, () => undefined);
  })
    .listen(PORT, '127.0.0.1')
    .unref();
