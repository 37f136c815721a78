/** The file that `up` and `demo --keep` write, so that the CLI finds their settings; stale after they end. */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { isSameProcess, processIdentity } from '../host/process-identity.ts';

const SETTINGS_FILE_VERSION = 1;
const BYTES_MAX = 100_000;

/** The names and formats of environment variables; a variable that is set wins over the file. */
const valuesSchema = z.record(
  z.string().regex(/^(?:TEMPORAL|GITHUB|SIGNALBOX)_[A-Z0-9_]+$/),
  z.string().max(10_000),
);

const settingsFileSchema = z.strictObject({
  version: z.literal(SETTINGS_FILE_VERSION),
  owner: z.strictObject({ pid: z.number().int().positive(), startedAt: z.string().optional() }),
  command: z.enum(['up', 'demo']),
  values: valuesSchema,
});

export type SettingsFile = z.infer<typeof settingsFileSchema>;

export type SettingsAnswer =
  | { readonly kind: 'live'; readonly settings: SettingsFile }
  /** Its owner has ended: nothing that it points to is running. */
  | { readonly kind: 'stale'; readonly settings: SettingsFile }
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly problem: string };

export function settingsFileIn(folder: string): string {
  return path.join(folder, '.signalbox', 'settings.json');
}

/** Only the user can read it: it may contain the token of a local stage. Written atomically. */
export function writeSettingsFile(folder: string, content: Pick<SettingsFile, 'command' | 'values'>): void {
  const file = settingsFileIn(folder);
  const settings = settingsFileSchema.parse({
    version: SETTINGS_FILE_VERSION,
    owner: processIdentity(process.pid),
    ...content,
  });
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  // An older draft may have other permissions.
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}

export function readSettingsFile(folder: string): SettingsAnswer {
  const file = settingsFileIn(folder);
  const text = textOf(file);
  if (text === undefined) return { kind: 'none' };
  const parsed = settingsFileSchema.safeParse(jsonOf(text));
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    return {
      kind: 'invalid',
      problem: `cannot use ${file}: ${where === '' ? 'unknown format' : `invalid field ${where}`}. Fix: remove the file`,
    };
  }
  return { kind: isSameProcess(parsed.data.owner) ? 'live' : 'stale', settings: parsed.data };
}

/** Removes only the file of this process: another `up` may have replaced it. */
export function removeSettingsFile(folder: string): void {
  const answer = readSettingsFile(folder);
  if (answer.kind === 'live' && answer.settings.owner.pid === process.pid)
    rmSync(settingsFileIn(folder), { force: true });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').slice(0, BYTES_MAX);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
