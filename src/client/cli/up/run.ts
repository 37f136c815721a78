/** The run of `up`: starts the stack, schedules the scans, prints where things are, and stops everything in the end. */
import { join } from 'node:path';
import { repositoryName } from '../../../domain/issue-ref.ts';
import { aborted } from '../../../host/wait.ts';
import { reservePorts } from '../../../local/ports.ts';
import { lastLogLine } from '../../../local/process-log.ts';
import type { SupervisorEvent } from '../../../local/process-spec.ts';
import { startStack, type Stack } from '../../../local/stack.ts';
import { removeSettingsFile, writeSettingsFile } from '../../../local/settings-file.ts';
import type { TemporalServerSource } from '../../../local/temporal-server/obtain.ts';
import { atTemporal } from '../../temporal/connection.ts';
import { dropOtherScanSchedules, ensureScanSchedules } from '../../temporal/schedules.ts';
import { type Cli, say } from '../cli.ts';
import { processText } from '../render/process.ts';
import { relaySource } from './github.ts';
import type { UpSettings } from './settings.ts';

export interface UpInput {
  readonly cli: Cli;
  readonly settings: UpSettings;
  readonly temporal: TemporalServerSource;
}

/** Runs until the first Ctrl-C, and always cleans up. */
export async function runUp(input: UpInput): Promise<void> {
  const { cli, settings } = input;
  const source = await relaySource(settings);
  try {
    const gatewayPort = await gatewayPortOf(settings);
    const values = { ...settings.values, ...source.values, SIGNALBOX_GATEWAY_PORT: String(gatewayPort) };
    const stack = await open(input, values);
    try {
      await scheduleScans(stack, input);
      publishSettings(input, stack);
      for (const line of startedLines(input, { stack, gatewayPort })) say(cli, line);
      await aborted(cli.signal);
    } finally {
      say(cli, 'stopping');
      removeSettingsFile(cli.workingDirectory);
      await stack.stop();
    }
  } finally {
    await source.close();
  }
}

async function gatewayPortOf({ process, withGateway }: UpSettings): Promise<number> {
  const wanted = process.SIGNALBOX_GATEWAY_PORT;
  if (!withGateway) return wanted;
  const [port = wanted] = await reservePorts([
    { port: wanted, what: 'webhooks', setting: 'SIGNALBOX_GATEWAY_PORT' },
  ]);
  return port;
}

async function open({ cli, settings, temporal }: UpInput, values: UpSettings['values']): Promise<Stack> {
  const { process, modelKey, ports, withGateway } = settings;
  return await startStack(
    {
      dataDir: process.dataDir,
      temporal,
      temporalPort: ports.temporal,
      temporalUiPort: ports.temporalUi,
      values,
      modelKey,
      withGateway,
      onEvent: event => say(cli, `${event.name} ${processText(event)}${lastLog(event, process.dataDir)}`),
    },
    cli.signal,
  );
}

/** The last line of a dead process's log, which says why it exited. A killed process had no time to log. */
function lastLog(event: SupervisorEvent, dataDir: string): string {
  if (event.kind !== 'died' || event.signal !== null) return '';
  return `: ${lastLogLine(join(dataDir, 'logs', `${event.name}.log`))}`;
}

async function scheduleScans(stack: Stack, { settings, temporal: source }: UpInput): Promise<void> {
  const { repositories, process } = settings;
  await atTemporal(stack.temporalValues, async temporal => {
    await ensureScanSchedules(temporal, repositories, process.SIGNALBOX_SCAN_SECONDS);
    if (source.kind === 'binary') await dropOtherScanSchedules(temporal, repositories);
  });
}

/** Writes the settings for other commands in this folder. No secrets: people use their own token and their own keys. */
function publishSettings({ cli, settings }: UpInput, stack: Stack): void {
  const { process, values } = settings;
  const ofTemporal = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'].flatMap(name => {
    const value = stack.temporalValues[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  writeSettingsFile(cli.workingDirectory, {
    command: 'up',
    values: {
      ...Object.fromEntries(ofTemporal),
      ...stack.socketValues,
      SIGNALBOX_DATA_DIR: process.dataDir,
      ...only(values, 'GITHUB_API_URL'),
      ...only(values, 'SIGNALBOX_ARTIFACTS'),
    },
  });
}

function only(values: UpSettings['values'], name: string): UpSettings['values'] {
  return values[name] === undefined ? {} : { [name]: values[name] };
}

interface Running {
  readonly stack: Stack;
  readonly gatewayPort: number;
}

function startedLines({ settings }: UpInput, { stack, gatewayPort }: Running): readonly string[] {
  const { process, repositories, withGateway } = settings;
  const names = repositories.map(repositoryName).join(', ');
  return [
    ...(stack.uiUrl === undefined ? [] : [`Temporal's Web UI: ${stack.uiUrl}`]),
    ...(withGateway ? [`webhooks: http://${process.SIGNALBOX_GATEWAY_HOST}:${gatewayPort}/webhooks`] : []),
    `logs: ${join(process.dataDir, 'logs')}`,
    `scanning ${names} every ${process.SIGNALBOX_SCAN_SECONDS} s; an issue starts once it has the opt-in label`,
    'ready; in another terminal, in this folder: signalbox list, show, explain, watch. Press Ctrl-C to stop.',
  ];
}
