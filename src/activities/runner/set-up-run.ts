/** Runs the commands of a set-up, one after the other in one checkout, and keeps what they said and whom they reached. */
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectionLog, defaultEgressLimits } from '../../box/egress/connections.ts';
import { openEgress } from '../../box/egress/proxy.ts';
import { boxFacts, nodeInBox } from '../../box/about-box.ts';
import { LayerTooWide } from '../../box/layers/take-out.ts';
import type { BoxResult } from '../../box/spec.ts';
import type { BoxFacts } from '../../domain/box-facts.ts';
import type { Digest } from '../../domain/digest.ts';
import type { VerificationCommand } from '../../domain/policy.ts';
import { checkoutExact } from '../../git/workspace-clone.ts';
import { PermanentFailure } from '../effect-failure.ts';
import { putCanonical } from '../stored.ts';
import { runShell, withFreshWorkspace } from './fresh-workspace.ts';
import type { RunnerPorts } from './ports.ts';
import type { SetUpInput } from './set-up-types.ts';
import { Transcript } from './transcript.ts';

export interface SetUpRecord {
  readonly output: Digest;
  readonly connections: Digest;
  readonly box: BoxFacts;
}

/** A command of the set-up did not do what it should; what it said lies in the artifact store. */
export class SetUpFailure extends Error {
  override readonly name = 'SetUpFailure';
  readonly command: VerificationCommand;
  readonly record: SetUpRecord;
  readonly result: BoxResult;
  constructor(told: Pick<SetUpFailure, 'message' | 'command' | 'record' | 'result'>) {
    super(told.message);
    this.command = told.command;
    this.record = told.record;
    this.result = told.result;
  }
}

/** Hands the checkout to `take` when every command has succeeded. */
export async function runSetUp(
  ports: RunnerPorts,
  input: SetUpInput,
  take: (dir: string) => Promise<void>,
): Promise<SetUpRecord> {
  const { tree, pulse } = input;
  const fill = (dir: string): Promise<void> => checkoutExact({ ...tree, dir, signal: pulse.signal });
  return await withFreshWorkspace(ports, { name: `${input.name}.set-up`, fill }, ({ dir }) =>
    withNetwork(ports, input, async network => {
      const said = new Transcript();
      const done: Done = { ports, input, said, log: network.log };
      for (const command of input.policy.commands) {
        pulse.say({ doing: 'set-up', text: command.name });
        const result = await runCommand({ ...done, command, workspaceDir: dir, network });
        pulse.signal.throwIfAborted();
        await requireSuccess(done, command, result);
      }
      await take(dir).catch((error: unknown) => {
        throw error instanceof LayerTooWide ? new PermanentFailure('SetUpFailed', error.message) : error;
      });
      return await recordOf(done);
    }),
  );
}

interface Network {
  readonly log: ConnectionLog;
  readonly socketPath?: string;
}

/** None at all where policy names no host. */
async function withNetwork<T>(
  { setUp, tier }: RunnerPorts,
  { policy }: SetUpInput,
  use: (network: Network) => Promise<T>,
): Promise<T> {
  if (policy.network.length === 0) return await use({ log: new ConnectionLog(defaultEgressLimits) });
  const dir = await mkdtemp(join(tmpdir(), 'signalbox-egress-'));
  const socketPath = join(dir, 'proxy.sock');
  const reach = { allowed: policy.network, privateAllowed: setUp.privateHosts, resolve: setUp.resolve };
  try {
    const egress = await openEgress({ socketPath, reach, limits: defaultEgressLimits });
    try {
      await chmod(socketPath, 0o600);
      // The box's user alone, beside us.
      if (tier.boxUid !== undefined)
        for (const file of [dir, socketPath]) await chown(file, tier.boxUid, tier.boxUid);
      return await use({ log: egress.log, socketPath });
    } finally {
      await egress.close();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

interface Done {
  readonly ports: RunnerPorts;
  readonly input: SetUpInput;
  readonly said: Transcript;
  readonly log: ConnectionLog;
}

/** Where the relay in the box listens; see box/inside/relay.mjs. */
const PROXY_IN_BOX = 'http://127.0.0.1:8080';

interface CommandRun extends Done {
  readonly command: VerificationCommand;
  readonly workspaceDir: string;
  readonly network: Network;
}

async function runCommand(run: CommandRun): Promise<BoxResult> {
  const { ports, input, said, command, workspaceDir } = run;
  const { socketPath } = run.network;
  said.add('stdout', `$ ${command.run}`);
  const reach =
    socketPath === undefined
      ? { readOnlyMounts: nodeInBox(ports.tier).mounts }
      : { readOnlyMounts: [], egressSocketPath: socketPath, env: proxyVariables() };
  return await runShell(ports, {
    ...reach,
    workspaceDir,
    command: command.run,
    timeoutMs: input.policy.timeoutMs,
    signal: input.pulse.signal,
    output: said,
  });
}

/** Each tool reads its own spelling. */
function proxyVariables(): Readonly<Record<string, string>> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];
  return Object.fromEntries(names.map(name => [name, PROXY_IN_BOX]));
}

async function requireSuccess(done: Done, command: VerificationCommand, result: BoxResult): Promise<void> {
  if (result.ending === 'exited' && result.exitCode === 0) return;
  const { ports, input, log } = done;
  const record = await recordOf(done);
  const how = result.ending === 'exited' ? `exit ${result.exitCode ?? 'none'}` : `ended by ${result.ending}`;
  const refused = [...new Set(log.all.flatMap(connection => connection.refused ?? []))].slice(0, REASONS_MAX);
  const words = result.stderrTail
    .trim()
    .slice(-WORDS_MAX)
    .replace(/\s*\n\s*/g, ' | ');
  const parts = [words, ...refused, `output ${record.output}`, `box: ${ports.tier.name}`].filter(
    part => part !== '',
  );
  const message = `set-up command “${command.name}” on ${input.on} (${how}): ${parts.join('; ')}`;
  ports.logger.warn({ command: command.name, ...record }, message);
  throw new SetUpFailure({ message, command, record, result });
}

const REASONS_MAX = 5;
const WORDS_MAX = 600;

async function recordOf({ ports, said, log }: Done): Promise<SetUpRecord> {
  const { artifacts, tier } = ports;
  return {
    output: await said.store(artifacts),
    connections: await putCanonical(artifacts, {
      connections: log.all,
      refusedBeyondLimit: log.refusedBeyondLimit,
    }),
    box: boxFacts(tier),
  };
}
