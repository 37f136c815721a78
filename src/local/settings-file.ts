/** The file that `up` and `demo --keep` leave, so that the CLI works at once beside them; gone stale when they are. */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { isSameProcess, processIdentity } from '../host/process-identity.ts';

const settingsFileVersion = 1;
const bytesMax = 100_000;

/** Named and read as environment variables are; those that are really set win over the file. */
const valuesSchema = z.record(
  z.string().regex(/^(?:TEMPORAL|GITHUB|SIGNALBOX)_[A-Z0-9_]+$/),
  z.string().max(10_000),
);

const settingsFileSchema = z.strictObject({
  version: z.literal(settingsFileVersion),
  owner: z.strictObject({ pid: z.number().int().positive(), startedAt: z.string().optional() }),
  command: z.enum(['up', 'demo']),
  values: valuesSchema,
});

export type SettingsFile = z.infer<typeof settingsFileSchema>;

export type SettingsAnswer =
  | { readonly kind: 'live'; readonly settings: SettingsFile }
  /** Its owner has ended: nothing that it points to runs any more. */
  | { readonly kind: 'stale'; readonly settings: SettingsFile }
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly problem: string };

export function settingsFileIn(folder: string): string {
  return path.join(folder, '.signalbox', 'settings.json');
}

/** For its owner's eyes only, because it may hold the token of a local stage. Written whole or not at all. */
export function writeSettingsFile(folder: string, content: Pick<SettingsFile, 'command' | 'values'>): void {
  const file = settingsFileIn(folder);
  const settings = settingsFileSchema.parse({
    version: settingsFileVersion,
    owner: processIdentity(process.pid),
    ...content,
  });
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  // An older draft may have been there with other rights.
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
      problem: `${file} cannot be used (${where === '' ? 'not our format' : where}): remove it`,
    };
  }
  return { kind: isSameProcess(parsed.data.owner) ? 'live' : 'stale', settings: parsed.data };
}

/** Only its owner's own: another `up` may have put its file there since. */
export function removeSettingsFile(folder: string): void {
  const answer = readSettingsFile(folder);
  if (answer.kind === 'live' && answer.settings.owner.pid === process.pid)
    rmSync(settingsFileIn(folder), { force: true });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').slice(0, bytesMax);
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
