/** The state of the simulated GitHub, with lookup and numbering of its records. */
import { ALL_BRANCHES } from './model.ts';
import type {
  Account,
  AccountType,
  Credential,
  Issue,
  Json,
  Permissions,
  Protection,
  Repository,
  Role,
  SigningKey,
} from './model.ts';
import { createRandom, type Random } from './random.ts';

/** Passes an event to the webhook sender; the server sets it once. */
export type Emit = (event: string, repository: Repository, payload: Json) => void;

export interface AppConfig {
  readonly id: number;
  readonly slug: string;
  readonly publicKeyPem: string;
  readonly installationId: number;
  readonly permissions: Permissions;
}

export interface World {
  readonly dataDir: string;
  /** Without a trailing slash, e.g. http://127.0.0.1:4000 */
  url: string;
  apiUrl: string;
  readonly now: () => number;
  readonly random: Random;
  readonly accounts: Map<string, Account>;
  readonly tokens: Map<string, Credential>;
  readonly repositories: Repository[];
  /** By login, in lower case. */
  readonly signingKeys: Map<string, SigningKey[]>;
  readonly nextId: () => number;
  readonly app: AppConfig | undefined;
  emit: Emit;
}

export interface WorldOptions {
  readonly dataDir: string;
  readonly seed: number;
  readonly now: () => number;
  readonly app?: AppConfig | undefined;
}

export function createWorld(options: WorldOptions): World {
  const random = createRandom(options.seed);
  let lastId = 1_000_000 + (random.uint32() % 1_000_000);
  return {
    dataDir: options.dataDir,
    url: '',
    apiUrl: '',
    now: options.now,
    random,
    accounts: new Map(),
    tokens: new Map(),
    repositories: [],
    signingKeys: new Map(),
    nextId: () => (lastId += 1),
    app: options.app,
    emit: () => undefined,
  };
}

/** GitHub's timestamps have whole seconds. */
export const timestamp = (world: World): string => isoSeconds(world.now());

export const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

export function accountOf(world: World, login: string, type: AccountType = 'User'): Account {
  const key = login.toLowerCase();
  const known = world.accounts.get(key);
  if (known !== undefined) return known;
  const account: Account = { id: world.nextId(), login, type };
  world.accounts.set(key, account);
  return account;
}

/** The rules of a branch: its own, and those of all branches. */
export const protectionsOf = ({ protections }: Repository, branch: string): Protection[] =>
  [protections.get(branch), protections.get(ALL_BRANCHES)].filter(rules => rules !== undefined);

/** The address that GitHub gives to each account. */
export const noreplyAddress = ({ id, login }: Account): string => `${id}+${login}@users.noreply.github.com`;

export const fullName = (repository: Repository): string => `${repository.owner.login}/${repository.name}`;

export const findRepository = (world: World, name: string): Repository | undefined =>
  world.repositories.find(repository => fullName(repository).toLowerCase() === name.toLowerCase());

export const renamedRepository = (world: World, name: string): Repository | undefined =>
  world.repositories.find(repository => repository.formerNames.has(name.toLowerCase()));

export const repositoryById = (world: World, id: number): Repository | undefined =>
  world.repositories.find(repository => repository.id === id);

const ranks: Readonly<Record<Role, number>> = {
  none: 0,
  read: 1,
  triage: 2,
  write: 3,
  maintain: 4,
  admin: 5,
};

export const atLeast = (role: Role, needed: Role): boolean => ranks[role] >= ranks[needed];

/** The owner is admin; a named person has the given role; anyone can read a public repository. */
export function roleOf(repository: Repository, account: Account): Role {
  if (account.id === repository.owner.id) return 'admin';
  const named = repository.roles.get(account.login.toLowerCase()) ?? 'none';
  return named === 'none' && !repository.private ? 'read' : named;
}

export const nextNumber = (repository: Repository): number => repository.issues.size + 1;

export const openPulls = (repository: Repository): (Issue & { pull: NonNullable<Issue['pull']> })[] =>
  [...repository.issues.values()].filter(isPull).filter(issue => issue.state === 'open');

export const isPull = (issue: Issue): issue is Issue & { pull: NonNullable<Issue['pull']> } =>
  issue.pull !== undefined;
