/** Reads as text the places where a life could leave a secret: files, workflow histories, posted text. */
import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stage } from '../../../demo/stage.ts';
import { connectTemporal, temporalSettings } from '../../../src/client/temporal/connection.ts';
import { repositoryName } from '../../../src/domain/issue-ref.ts';

const run = promisify(execFile);
const FILE_BYTES_MAX = 64 * 1024 * 1024;

export interface Text {
  readonly where: string;
  readonly text: string;
}

/** The files of the data directory and of the model gateway, without the simulated GitHub. */
export async function filesOf(stage: Stage): Promise<readonly Text[]> {
  const outside = join(stage.dataDir, 'github');
  const sockets = stage.stack.socketValues['SIGNALBOX_MODEL_GATEWAY_DIR'];
  if (sockets === undefined) throw new Error('the folder of the model gateway is not known');
  const roots = [stage.dataDir, sockets];
  const found = await Promise.all(roots.map(root => below(root, outside)));
  return found.flat();
}

export async function historiesOf(stage: Stage): Promise<readonly Text[]> {
  const temporal = await connectTemporal(temporalSettings({ TEMPORAL_ADDRESS: stage.stack.temporalAddress }));
  const texts: Text[] = [];
  try {
    for await (const { workflowId, runId, memo } of temporal.client.workflow.list()) {
      const history = await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
      const where = `history of ${workflowId}`;
      texts.push({ where, text: [...wordsIn(history), ...wordsIn(memo)].join('\n') });
    }
  } finally {
    await temporal.close();
  }
  return texts;
}

/** Text on GitHub, read over the API, and the messages and contents of every branch. */
export async function postedOn(stage: Stage): Promise<readonly Text[]> {
  const { number } = stage.issue;
  const paths = [
    '/issues?state=all&per_page=100',
    `/issues/${number}/comments?per_page=100`,
    '/pulls?state=all&per_page=100',
    '/labels?per_page=100',
    `/issues/${number}/labels`,
  ];
  const answers = await Promise.all(
    paths.map(async path => ({ where: path, text: await asked(stage, path) })),
  );
  const repository = join(stage.dataDir, 'github');
  const bare = (await directories(repository)).filter(name => name.endsWith('.git'));
  const logs = await Promise.all(
    bare.map(async dir => {
      const { stdout } = await run('git', ['--git-dir', dir, 'log', '--all', '-p', '--format=fuller'], {
        maxBuffer: FILE_BYTES_MAX,
      });
      return { where: `git log of ${dir}`, text: stdout };
    }),
  );
  return [...answers, ...logs];
}

async function asked({ settings, issue }: Stage, path: string): Promise<string> {
  const answer = await fetch(`${settings['GITHUB_API_URL'] ?? ''}/repos/${repositoryName(issue)}${path}`, {
    headers: { authorization: `Bearer ${settings['GITHUB_TOKEN'] ?? ''}` },
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return await answer.text();
}

async function below(dir: string, outside: string): Promise<readonly Text[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const texts = await Promise.all(
    entries.map(async entry => {
      const path = join(dir, entry.name);
      if (path === outside) return [];
      if (entry.isDirectory()) return await below(path, outside);
      if (!entry.isFile() || (await stat(path)).size > FILE_BYTES_MAX) return [];
      return [{ where: path, text: await readFile(path, 'latin1') }];
    }),
  );
  return texts.flat();
}

async function directories(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const own = entries.filter(entry => entry.isDirectory()).map(entry => join(dir, entry.name));
  const deeper = await Promise.all(own.filter(path => !path.endsWith('.git')).map(directories));
  return [...own, ...deeper.flat()];
}

/** Every string and every payload of an event. */
function* wordsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (value instanceof Uint8Array) yield Buffer.from(value).toString('utf8');
  else if (typeof value === 'object' && value !== null)
    for (const [name, entry] of Object.entries(value)) {
      yield name;
      yield* wordsIn(entry);
    }
}
