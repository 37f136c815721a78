/** The settings of `up`. Each missing or invalid setting is refused by name before anything starts. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  githubCredential,
  processSettings,
  type ProcessSettings,
  repositories,
} from '../../../config/environment.ts';
import { SettingsError } from '../../../config/settings-error.ts';
import { type RepositoryRef, repositoryName } from '../../../domain/issue-ref.ts';
import {
  DEFAULT_PORT,
  DEFAULT_UI_PORT,
  PORT_SETTING,
  UI_PORT_SETTING,
} from '../../../local/temporal-server/dev-server.ts';
import type { Cli } from '../cli.ts';

export interface UpSettings {
  readonly process: ProcessSettings;
  readonly repositories: readonly RepositoryRef[];
  readonly ports: { readonly temporal: number; readonly temporalUi: number };
  readonly modelKey: string;
  /** The webhook gateway runs only with a secret that authenticates webhooks. */
  readonly withGateway: boolean;
  /** For the processes, keyed by environment variable. */
  readonly values: Values;
}

/** Throws `SettingsError`. */
export function upSettings(cli: Cli, asked: readonly RepositoryRef[]): UpSettings {
  const { own } = cli.settings();
  const dataDir = resolve(cli.workingDirectory, own['SIGNALBOX_DATA_DIR'] ?? '.signalbox/data');
  const values = { ...own, SIGNALBOX_DATA_DIR: dataDir };
  const process = processSettings(values);
  githubCredential(process);
  const named = unique([...asked, ...repositories(process)]);
  if (named.length === 0)
    throw new SettingsError({
      what: 'no repository is set',
      fix: 'use --repo owner/repo, or set SIGNALBOX_REPOSITORIES',
    });
  return {
    process,
    repositories: named,
    ports: {
      temporal: portOf(own, PORT_SETTING, DEFAULT_PORT),
      temporalUi: portOf(own, UI_PORT_SETTING, DEFAULT_UI_PORT),
    },
    modelKey: modelKeyOf(own),
    withGateway: process.SIGNALBOX_WEBHOOK_SECRET.length > 0,
    values,
  };
}

type Values = Readonly<Record<string, string | undefined>>;

/** GitHub's names are case-insensitive. */
function unique(named: readonly RepositoryRef[]): readonly RepositoryRef[] {
  const byName = new Map(named.map(one => [repositoryName(one).toLowerCase(), one]));
  return [...byName.values()];
}

/** Throws `SettingsError` when no key is set. */
export function modelKeyOf(own: Values): string {
  const file = own['SIGNALBOX_MODEL_KEY_FILE'];
  const key = own['SIGNALBOX_MODEL_KEY'] ?? (file === undefined ? undefined : keyIn(file));
  if (key === undefined || key === '')
    throw new SettingsError({
      what: 'no model key is set',
      fix: 'set SIGNALBOX_MODEL_KEY or SIGNALBOX_MODEL_KEY_FILE',
    });
  return key;
}

function keyIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new SettingsError(`cannot read SIGNALBOX_MODEL_KEY_FILE ${file}`);
  }
}

const PORT_MAX = 65_535;

function portOf(own: Values, name: string, fallback: number): number {
  const text = own[name];
  if (text === undefined) return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > PORT_MAX)
    throw new SettingsError({ what: `invalid ${name}`, fix: `use a port from 0 to ${PORT_MAX}` });
  return port;
}
