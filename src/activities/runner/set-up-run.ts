/** Runs the commands of a set-up in order in one checkout; records their output and their network connections. */
import { chmod, chown } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectionLog, defaultEgressLimits } from '../../box/egress/connections.ts';
import { openEgress } from '../../box/egress/proxy.ts';
import { boxFacts, nodeInBox } from '../../box/about-box.ts';
import { LayerTooWide } from '../../box/layers/take-out.ts';
import type { BoxResult } from '../../box/spec.ts';
import { ownUid } from '../../host/foreign-files.ts';
import { inOwnFolder } from '../../host/own-folder.ts';
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

/** A set-up command failed. Its output is in the artifact store. */
export class SetUpFailure extends Error {
  override readonly name = 'SetUpFailure';
  readonly command: VerificationCommand;
  readonly record: SetUpRecord;
  readonly result: BoxResult;
  constructor(failure: Pick<SetUpFailure, 'message' | 'command' | 'record' | 'result'>) {
    super(failure.message);
    this.command = failure.command;
    this.record = failure.record;
    this.result = failure.result;
  }
}

/** Passes the checkout to `take` after every command has succeeded. */
export async function runSetUp(
  ports: RunnerPorts,
  input: SetUpInput,
  take: (dir: string) => Promise<void>,
): Promise<SetUpRecord> {
  const { tree, heartbeat } = input;
  const fill = (dir: string): Promise<void> => checkoutExact({ ...tree, dir, signal: heartbeat.signal });
  return await withFreshWorkspace(ports, { name: `${input.name}.set-up`, fill }, ({ dir }) =>
    withNetwork(ports, input, async network => {
      const transcript = new Transcript();
      const session: Session = { ports, input, transcript, log: network.log };
      for (const command of input.policy.commands) {
        heartbeat.setDetails({ doing: 'set-up', text: command.name });
        const result = await runCommand({ ...session, command, workspaceDir: dir, network });
        heartbeat.signal.throwIfAborted();
        await requireSuccess(session, command, result);
      }
      await take(dir).catch((error: unknown) => {
        throw error instanceof LayerTooWide ? new PermanentFailure('SetUpFailed', error.message) : error;
      });
      return await recordOf(session);
    }),
  );
}

interface Network {
  readonly log: ConnectionLog;
  readonly socketPath?: string;
}

/** Opens no network when the policy names no host. */
async function withNetwork<T>(
  { setUp, tier }: RunnerPorts,
  { policy }: SetUpInput,
  use: (network: Network) => Promise<T>,
): Promise<T> {
  const limits = defaultEgressLimits;
  const log = new ConnectionLog(limits);
  if (policy.network.length === 0) return await use({ log });
  const reach = { allowed: policy.network, allowedBy: 'the policy', dial: setUp.dial };
  return await inOwnFolder(join(tmpdir(), 'signalbox-egress-'), async dir => {
    const socketPath = join(dir, 'proxy.sock');
    const egress = await openEgress({ ...reach, listen: socketPath, log, limits });
    try {
      await letIn(tier.boxUid, { dir, socketPath });
      return await use({ log, socketPath });
    } finally {
      await egress.close();
    }
  });
}

/**
 * Access only for this process and the box's user. The folder stays ours: its owner could put another one in its place,
 * which this process, as root, would then remove.
 */
async function letIn(
  boxUid: number | undefined,
  { dir, socketPath }: { readonly dir: string; readonly socketPath: string },
): Promise<void> {
  await chmod(socketPath, 0o600);
  if (boxUid === undefined) return;
  await chown(socketPath, boxUid, boxUid);
  await chown(dir, ownUid(), boxUid);
  await chmod(dir, 0o710);
}

/** One run of the set-up: all its commands share these. */
interface Session {
  readonly ports: RunnerPorts;
  readonly input: SetUpInput;
  readonly transcript: Transcript;
  readonly log: ConnectionLog;
}

/** Where the relay in the box listens; see box/inside/relay.mjs. */
const PROXY_IN_BOX = 'http://127.0.0.1:8080';

interface CommandRun extends Session {
  readonly command: VerificationCommand;
  readonly workspaceDir: string;
  readonly network: Network;
}

async function runCommand(run: CommandRun): Promise<BoxResult> {
  const { ports, input, transcript, command, workspaceDir } = run;
  const { socketPath } = run.network;
  transcript.add('stdout', `$ ${command.run}`);
  const reach =
    socketPath === undefined
      ? { readOnlyMounts: nodeInBox(ports.tier).mounts }
      : { readOnlyMounts: [], egressSocketPath: socketPath, env: proxyVariables() };
  return await runShell(ports, {
    ...reach,
    workspaceDir,
    command: command.run,
    timeoutMs: input.policy.timeoutMs,
    heartbeat: input.heartbeat,
    output: transcript,
  });
}

/** Tools differ in which spelling they read. */
function proxyVariables(): Readonly<Record<string, string>> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];
  return Object.fromEntries(names.map(name => [name, PROXY_IN_BOX]));
}

async function requireSuccess(
  session: Session,
  command: VerificationCommand,
  result: BoxResult,
): Promise<void> {
  if (result.ending === 'exited' && result.exitCode === 0) return;
  const { ports, input, log } = session;
  const record = await recordOf(session);
  const how = result.ending === 'exited' ? `exit ${result.exitCode ?? 'none'}` : `ended by ${result.ending}`;
  const refused = [...new Set(log.all.flatMap(connection => connection.refused ?? []))].slice(0, REASONS_MAX);
  const stderr = result.stderrTail
    .trim()
    .slice(-STDERR_CHARS_MAX)
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .join(' | ');
  const parts = [stderr, ...refused, `output ${record.output}`, `box: ${ports.tier.name}`].filter(
    part => part !== '',
  );
  const message = `set-up command “${command.name}” failed on the ${input.on} (${how}): ${parts.join('; ')}`;
  ports.logger.warn({ command: command.name, ...record }, message);
  throw new SetUpFailure({ message, command, record, result });
}

const REASONS_MAX = 5;
const STDERR_CHARS_MAX = 600;

async function recordOf({ ports, transcript, log }: Session): Promise<SetUpRecord> {
  const { artifacts, tier } = ports;
  return {
    output: await transcript.store(artifacts),
    connections: await putCanonical(artifacts, {
      connections: log.all,
      refusedBeyondLimit: log.refusedBeyondLimit,
    }),
    box: boxFacts(tier),
  };
}
