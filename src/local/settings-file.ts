/** The file that `up` and `demo --keep` write, so that the CLI finds their settings; stale after they end. */
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ForeignFiles, ownUid } from '../host/foreign-files.ts';
import { type OpenFolder, openFolder } from '../host/open-folder.ts';
import { bootId, isSameProcess, processIdentity, processOwner } from '../host/process-identity.ts';

const SETTINGS_FILE_VERSION = 2;
const BYTES_MAX = 100_000;
const DIR = '.signalbox';
const FILE = 'settings.json';

const value = z.string().max(10_000).optional();
/** By the names of environment variables, which win over the file. A key, certificate or profile has no place here. */
const valuesSchema = z.strictObject({
  TEMPORAL_ADDRESS: value,
  TEMPORAL_NAMESPACE: value,
  GITHUB_API_URL: value,
  /** Of a person on a local stage. */
  GITHUB_TOKEN: value,
  SIGNALBOX_DATA_DIR: value,
  SIGNALBOX_ARTIFACTS: value,
  SIGNALBOX_MODEL_GATEWAY_DIR: value,
});

const settingsFileSchema = z.strictObject({
  version: z.literal(SETTINGS_FILE_VERSION),
  owner: z.strictObject({
    pid: z.number().int().positive(),
    startedAt: z.string().optional(),
    boot: z.string(),
  }),
  command: z.enum(['up', 'demo']),
  values: valuesSchema,
});

export type SettingsFile = z.infer<typeof settingsFileSchema>;

export type SettingsAnswer =
  | { readonly kind: 'live'; readonly settings: SettingsFile }
  /** Its owner has ended: nothing that it points to is running. */
  | { readonly kind: 'stale'; readonly settings: SettingsFile }
  | { readonly kind: 'none' }
  /** Somebody else wrote it, or could have. */
  | { readonly kind: 'foreign'; readonly problem: string }
  | { readonly kind: 'invalid'; readonly problem: string };

export function settingsFileIn(folder: string): string {
  return path.join(folder, DIR, FILE);
}

/** Only the user can read it: it may contain the token of a local stage. Written atomically. */
export function writeSettingsFile(folder: string, content: Pick<SettingsFile, 'command' | 'values'>): void {
  const file = settingsFileIn(folder);
  const settings = settingsFileSchema.parse({
    version: SETTINGS_FILE_VERSION,
    owner: { ...processIdentity(process.pid), boot: bootId() },
    ...content,
  });
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const dir = openFolder(path.dirname(file));
  try {
    if (dir.stats.uid !== ownUid())
      throw new ForeignFiles(
        `${path.dirname(file)} belongs to user ${dir.stats.uid}`,
        'work in another folder',
      );
    // It may be older, and others must not be able to put another file there.
    chmodSync(dir.at, 0o700);
    // A new file: what a checkout brings under a known name may be a link to another file of this user.
    const draft = path.join(dir.at, `${FILE}.${randomUUID()}`);
    writeFileSync(draft, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(draft, path.join(dir.at, FILE));
  } finally {
    dir.close();
  }
}

export function readSettingsFile(folder: string): SettingsAnswer {
  const file = settingsFileIn(folder);
  const found = privateText(path.dirname(file));
  if (found === undefined) return { kind: 'none' };
  if ('problem' in found) return { kind: 'foreign', problem: `not using ${file}: ${found.problem}` };
  const parsed = settingsFileSchema.safeParse(jsonOf(found.text));
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    return {
      kind: 'invalid',
      problem: `cannot use ${file}: ${where === '' ? 'unknown format' : `invalid field ${where}`}. Fix: restart what wrote it, or remove the file`,
    };
  }
  return { kind: isLive(parsed.data.owner) ? 'live' : 'stale', settings: parsed.data };
}

/** Removes only the file of this process: another `up` may have replaced it. */
export function removeSettingsFile(folder: string): void {
  const answer = readSettingsFile(folder);
  if (answer.kind === 'live' && answer.settings.owner.pid === process.pid)
    rmSync(settingsFileIn(folder), { force: true });
}

/** A process of this user with the noted start time, where the system has one: an id alone could mean any process. */
function isLive(owner: SettingsFile['owner']): boolean {
  if (process.platform !== 'linux') return isSameProcess(owner);
  return owner.startedAt !== undefined && isSameProcess(owner) && processOwner(owner.pid) === ownUid();
}

/** Undefined without a file. A file that others wrote or could write says where we connect, so it is not read. */
function privateText(dir: string): { readonly text: string } | { readonly problem: string } | undefined {
  try {
    return textIn(openFolder(dir));
  } catch (error) {
    if (error instanceof ForeignFiles) return { problem: error.trouble.what };
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    return { problem: code === 'ELOOP' ? 'it is a link' : `it cannot be read (${code})` };
  }
}

function textIn(dir: OpenFolder): { readonly text: string } | { readonly problem: string } {
  try {
    const descriptor = openSync(
      path.join(dir.at, FILE),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    try {
      const stats = fstatSync(descriptor);
      const problem = publicity('its folder', dir.stats, 0o022) ?? publicity('it', stats, 0o077);
      if (problem !== undefined) return { problem };
      if (!stats.isFile() || stats.size > BYTES_MAX) return { problem: 'it is not a small file' };
      return { text: readFileSync(descriptor, 'utf8') };
    } finally {
      closeSync(descriptor);
    }
  } finally {
    dir.close();
  }
}

function publicity(what: string, { uid, mode }: Stats, others: number): string | undefined {
  if (uid !== ownUid()) return `${what} belongs to user ${uid}`;
  return (mode & others) === 0 ? undefined : `${what} is open to other users`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
