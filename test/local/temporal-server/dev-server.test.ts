/** The real Temporal server: obtain it, start it, kill it, restart it on the same file; its ports and its file are exclusive. */
import { createServer } from 'node:net';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { acquireFileLock } from '../../../src/host/file-lock.ts';
import { LOOPBACK } from '../../../src/local/ports.ts';
import type { SupervisorEvent } from '../../../src/local/process-spec.ts';
import { createSupervisor } from '../../../src/local/supervisor.ts';
import {
  planTemporalServer,
  startTemporalServer,
  type TemporalServerOptions,
} from '../../../src/local/temporal-server/dev-server.ts';
import { obtainTemporalServer } from '../../../src/local/temporal-server/obtain.ts';
import { eventually, isRunning, temporaryFolder, textOf, type Folder } from '../support.ts';

const stage = defineSearchAttributeKey('Stage', 'KEYWORD');
const attempt = defineSearchAttributeKey('Attempt', 'INT');
let binary: string;
let folder: Folder;

beforeAll(async () => {
  const found = await obtainTemporalServer({ environment: { ...process.env, TEMPORAL_ADDRESS: undefined } });
  if (found.kind !== 'binary') throw new Error('these tests need a binary');
  binary = found.path;
}, 300_000);
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

function options(more: Partial<TemporalServerOptions> = {}): TemporalServerOptions {
  return {
    binary,
    dbFile: folder.file('temporal.db'),
    logFile: folder.file('temporal.log'),
    port: 0,
    uiPort: 0,
    searchAttributes: [stage, attempt],
    environment: process.env,
    ...more,
  };
}

/** Starts a workflow without workers: it is in the history, and its attribute in the index. */
async function startWorkflow(address: string, workflowId: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    const typedSearchAttributes = [{ key: stage, value: 'triage' }];
    await new Client({ connection }).workflow.start('nothing', {
      workflowId,
      taskQueue: 'none',
      typedSearchAttributes,
    });
  } finally {
    await connection.close();
  }
}

async function findsWorkflow(address: string, workflowId: string): Promise<boolean> {
  const connection = await Connection.connect({ address });
  try {
    await new Client({ connection }).workflow.getHandle(workflowId).describe();
    return true;
  } finally {
    await connection.close();
  }
}

test('the server is usable when start resolves, with attributes, settings and Web UI, and gone after stop', async () => {
  const server = await startTemporalServer(options());
  try {
    await startWorkflow(server.address, 'one');
    expect((await fetch(server.uiUrl)).status).toBe(200);
    const commandLine = textOf(`/proc/${server.pid}/cmdline`).replaceAll('\0', ' ');
    expect(commandLine).toContain('journal_mode=wal');
    expect(commandLine).toContain('history.transferProcessorMaxPollRPS=1000');
  } finally {
    await server.stop();
  }
  expect(isRunning(server.pid)).toBe(false);
});

test('after SIGKILL the supervisor restarts the server on the same ports and file with all its data', async () => {
  const events: SupervisorEvent[] = [];
  const supervisor = createSupervisor({ onEvent: event => events.push(event) });
  const plan = await planTemporalServer(options());
  try {
    await supervisor.start([plan.process]);
    await startWorkflow(plan.address, 'survivor');
    const killed = supervisor.kill('temporal', 'SIGKILL');
    await eventually('the restart', () => events.filter(event => event.kind === 'started').length === 2);
    expect(supervisor.processes()[0]?.pid).not.toBe(killed);
    expect(await findsWorkflow(plan.address, 'survivor')).toBe(true);
    await startWorkflow(plan.address, 'next');
  } finally {
    await supervisor.stop();
    plan.release();
  }
});

test('a new server can use the file of a stopped one and adds the attributes that are missing', async () => {
  const first = await startTemporalServer(options({ searchAttributes: [] }));
  await first.stop();
  const second = await startTemporalServer(options());
  try {
    await startWorkflow(second.address, 'with-attribute');
  } finally {
    await second.stop();
  }
});

test('an attribute that exists with another type is an error with a fix', async () => {
  const first = await startTemporalServer(
    options({ searchAttributes: [defineSearchAttributeKey('Stage', 'INT')] }),
  );
  await first.stop();
  await expect(startTemporalServer(options())).rejects.toThrow(
    /search attribute Stage of namespace default exists, but not with the type Keyword/,
  );
});

test.each([
  ['port', 'SIGNALBOX_TEMPORAL_PORT'],
  ['uiPort', 'SIGNALBOX_TEMPORAL_UI_PORT'],
])(
  'a %s in use is refused in one line with the port and the setting, and the file stays free',
  async (which, setting) => {
    const other = createServer();
    await new Promise<void>(resolve => other.listen(0, LOOPBACK, resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const starting = startTemporalServer(options({ [which]: port }));
      await expect(starting).rejects.toThrow(
        new RegExp(`^port ${port} for .* is in use\\. Fix: .*${setting}`),
      );
      expect(acquireFileLock(`${folder.file('temporal.db')}.lock`).kind).toBe('acquired');
    } finally {
      other.close();
    }
  },
);

test('a second server on the same file is refused while the first runs, and accepted afterwards', async () => {
  const first = await startTemporalServer(options());
  await expect(startTemporalServer(options())).rejects.toThrow(
    /the Temporal database .* is in use by process \d+/,
  );
  await first.stop();
  const second = await startTemporalServer(options());
  await second.stop();
});

test('a server that is stopped during start leaves neither a process nor a lock', async () => {
  const stop = new AbortController();
  const starting = startTemporalServer(options(), stop.signal);
  const failed = expect(starting).rejects.toMatchObject({ kind: 'stopped' });
  await eventually('the lock', () => textOf(`${folder.file('temporal.db')}.lock`) !== '');
  stop.abort();
  await failed;
  expect(acquireFileLock(`${folder.file('temporal.db')}.lock`).kind).toBe('acquired');
});

test('a binary that is not a server fails the start with its own message', async () => {
  const starting = startTemporalServer(options({ binary: process.execPath }));
  await expect(starting).rejects.toThrow(/^temporal exited during start \(exit code \d+\): ./);
});
