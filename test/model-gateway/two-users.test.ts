/** Model gateway and runner as two ordinary users with one folder between them, as in two containers without root. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ScriptedModel, startModel } from '../../simulator/model/server.ts';
import { describeAsRoot, STRANGER } from '../support/as-root.ts';
import { openOrdinaryUser, type OrdinaryUser } from '../support/ordinary-user.ts';
import { providerKey } from './support/gateway.ts';

const [RUNNER, GATEWAY] = [60_910, 60_911];
const HOOKS = ['--import', './test/support/typescript.mjs'];

describeAsRoot('gateway and runner with two user ids and one group (needs root to make them)', () => {
  let dir = '';
  let shared = '';
  let model: ScriptedModel;
  let gateway: OrdinaryUser;
  let runner: OrdinaryUser;
  let stranger: OrdinaryUser;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gw-'));
    await chmod(dir, 0o711);
    shared = join(dir, 'shared');
    await mkdir(shared);
    await chown(shared, GATEWAY, RUNNER);
    await chmod(shared, 0o750);
    await writeFile(join(dir, 'key'), providerKey, { mode: 0o400 });
    await chown(join(dir, 'key'), GATEWAY, GATEWAY);
    model = await startModel({
      key: providerKey,
      script: { name: 's', turns: [{ kind: 'message', text: 'x' }] },
    });
    gateway = await openOrdinaryUser(GATEWAY, [], RUNNER);
    runner = await openOrdinaryUser(RUNNER);
    stranger = await openOrdinaryUser(STRANGER);
  });
  afterAll(async () => {
    await Promise.all([gateway, runner, stranger].map(user => user.remove()));
    await model.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** Returns the function that kills it with SIGKILL. */
  function started(): () => Promise<void> {
    const kill = new AbortController();
    const ended = gateway.node([...HOOKS, 'src/workers/main.ts', 'model-gateway'], {
      environment: {
        SIGNALBOX_DATA_DIR: join(gateway.dir, 'tmp'),
        SIGNALBOX_MODEL_GATEWAY_DIR: shared,
        SIGNALBOX_MODEL_GATEWAY_CONTROL_MODE: '0660',
        SIGNALBOX_MODEL_BASE_URL: model.url,
        SIGNALBOX_MODEL_KEY_FILE: join(dir, 'key'),
      },
      killed: kill.signal,
    });
    return async () => {
      kill.abort();
      await ended;
    };
  }
  const use = async (user: OrdinaryUser, runId: string, patienceMs = 30_000): Promise<unknown> => {
    const program = 'test/model-gateway/programs/as-runner.ts';
    const ran = await user.node([...HOOKS, program, shared, runId, String(patienceMs)]);
    return ran.code === 0 ? JSON.parse(ran.stdout) : ran.stderr;
  };

  test('the runner uses its run, also after the gateway was killed and started again; nobody else does', async () => {
    const kill = started();
    const first = (await use(runner, 'one')) as { readonly run: string };
    expect(first).toMatchObject({ status: 200, requests: 1, state: 'EACCES', control: 'yes' });
    await kill();
    const killAgain = started();
    // The same run goes on, with its counts and in its folder, and the next one works.
    expect(await use(runner, 'one')).toMatchObject({ status: 200, requests: 2, run: first.run });
    expect(await use(runner, 'two')).toMatchObject({ status: 200, requests: 1 });
    expect(await use(stranger, 'three', 0)).toContain('does not answer');
    await killAgain();
  }, 120_000);
});
