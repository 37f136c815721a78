/** Sets repositories up without HTTP: history, roles, labels, rules. */
import { join } from 'node:path';
import type { MergeMethodName, Protection, Repository, Role } from '../model.ts';
import { filesBelow, initBare, replay, type HistoryCommit } from '../git/history.ts';
import { accountOf, findRepository, fullName, timestamp, type World } from '../world.ts';

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly defaultBranch?: string;
  readonly roles?: Readonly<Record<string, Role>>;
  readonly labels?: readonly string[];
  /** Commits, oldest first. */
  readonly history?: readonly HistoryCommit[];
  /** One commit of these files, after the history. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** One commit of everything in this folder, after the history. */
  readonly fromDir?: string;
}

export async function createRepository(world: World, input: NewRepository): Promise<Repository> {
  const at = timestamp(world);
  const repository: Repository = {
    id: world.nextId(),
    owner: accountOf(world, input.owner),
    name: input.name,
    private: input.private ?? false,
    archived: false,
    description: input.description ?? null,
    defaultBranch: input.defaultBranch ?? 'main',
    dir: join(world.dataDir, 'repositories', input.owner, `${input.name}.git`),
    roles: new Map(Object.entries(input.roles ?? {}).map(([login, role]) => [login.toLowerCase(), role])),
    labels: new Map(),
    milestones: [],
    issues: new Map(),
    comments: new Map(),
    statuses: [],
    checkRuns: [],
    deployments: [],
    releases: [],
    protections: new Map(),
    formerNames: new Set(),
    mergeMethods: ['merge', 'squash', 'rebase'],
    allowAutoMerge: false,
    hasDrafts: true,
    createdAt: at,
    pushedAt: at,
  };
  for (const login of Object.keys(input.roles ?? {})) accountOf(world, login);
  for (const name of input.labels ?? []) {
    repository.labels.set(name.toLowerCase(), {
      id: world.nextId(),
      name,
      color: 'ededed',
      description: null,
    });
  }
  await initBare(repository.dir, repository.defaultBranch);
  const commits = await commitsOf(input);
  await replay(repository.dir, { branch: repository.defaultBranch, commits, nowMs: world.now() });
  world.repositories.push(repository);
  return repository;
}

async function commitsOf(input: NewRepository): Promise<HistoryCommit[]> {
  const files = { ...(input.fromDir === undefined ? {} : await filesBelow(input.fromDir)), ...input.files };
  const author = { name: input.owner, email: `${input.owner}@users.noreply.github.com` };
  const last = Object.keys(files).length === 0 ? [] : [{ message: 'Add the project', author, files }];
  return [...(input.history ?? []), ...last];
}

export function requireRepository(world: World, name: string): Repository {
  const repository = findRepository(world, name);
  if (repository === undefined) throw new Error(`the simulator has no repository ${name}`);
  return repository;
}

export interface RepositoryAdmin {
  readonly create: (input: NewRepository) => Promise<Repository>;
  readonly get: (name: string) => Repository;
  readonly setRole: (name: string, login: string, role: Role) => void;
  readonly allowMergeMethods: (name: string, methods: readonly MergeMethodName[]) => void;
  readonly allowAutoMerge: (name: string, allowed?: boolean) => void;
  /** Whether the plan of the repository has draft pull requests. */
  readonly allowDrafts: (name: string, allowed?: boolean) => void;
  /** Undefined removes the protection. */
  readonly protect: (name: string, branch: string, protection: Protection | undefined) => void;
  /** Requests to the old name then answer 301. */
  readonly rename: (name: string, newName: string) => void;
  readonly archive: (name: string, archived?: boolean) => void;
}

export const repositoryAdmin = (world: World): RepositoryAdmin => ({
  create: input => createRepository(world, input),
  get: name => requireRepository(world, name),
  setRole: (name, login, role) => {
    accountOf(world, login);
    requireRepository(world, name).roles.set(login.toLowerCase(), role);
  },
  allowMergeMethods: (name, methods) => (requireRepository(world, name).mergeMethods = methods),
  allowAutoMerge: (name, allowed = true) => (requireRepository(world, name).allowAutoMerge = allowed),
  allowDrafts: (name, allowed = true) => (requireRepository(world, name).hasDrafts = allowed),
  protect: (name, branch, protection) => {
    const { protections } = requireRepository(world, name);
    if (protection === undefined) protections.delete(branch);
    else protections.set(branch, protection);
  },
  rename: (name, newName) => {
    const repository = requireRepository(world, name);
    repository.formerNames.add(fullName(repository).toLowerCase());
    repository.name = newName;
  },
  archive: (name, archived = true) => (requireRepository(world, name).archived = archived),
});
