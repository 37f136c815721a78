/** Checks which of the permissions that Signalbox needs the credential has, and how to fix each missing one. */
import type { GitHub } from './client.ts';
import type { RepositoryName, TokenPermissions } from './credential.ts';
import { isFailure } from './failure.ts';
import { getRepository } from './repository.ts';
import type { Repository } from './repository.ts';
import { probeOf } from './access-probes.ts';

export interface Need {
  /** The API's name of an App permission. */
  readonly permission: string;
  readonly access: 'read' | 'write';
  /** What stops working without it. */
  readonly purpose: string;
  /** False: Signalbox works without it, but sees less. */
  readonly required: boolean;
}

export interface NeedCheck extends Need {
  readonly present: boolean;
  /** One line; only when the permission is missing. */
  readonly fix?: string;
}

export type Access =
  | { readonly kind: 'checked'; readonly repository: Repository; readonly needs: readonly NeedCheck[] }
  | {
      readonly kind: 'no-access';
      readonly reason: 'unauthorized' | 'unseen' | 'moved';
      readonly why: string;
      readonly fix: string;
    };

export const needs: readonly Need[] = [
  {
    permission: 'metadata',
    access: 'read',
    purpose: "reading the repository and people's roles",
    required: true,
  },
  {
    permission: 'issues',
    access: 'write',
    purpose: 'labels, the status comment and closing the issue',
    required: true,
  },
  {
    permission: 'contents',
    access: 'write',
    purpose: 'the claim branch, pushing and merging',
    required: true,
  },
  { permission: 'pull_requests', access: 'write', purpose: 'opening the pull request', required: true },
  {
    permission: 'statuses',
    access: 'write',
    purpose: "writing our commit status and reading CI's",
    required: true,
  },
  { permission: 'checks', access: 'read', purpose: "reading CI's check runs", required: false },
  {
    permission: 'deployments',
    access: 'read',
    purpose: 'verifying releases by their deployments',
    required: false,
  },
];

/** Changes nothing: permissions that GitHub does not report are probed with writes it must refuse. Throws temporary errors. */
export async function checkAccess(github: GitHub, name: RepositoryName): Promise<Access> {
  const repository = await reachable(github, name);
  if ('kind' in repository) return repository;
  if (repository.archived)
    return allowedOnly(repository, readsOnly, 'unarchive the repository: it is read-only');
  const granted = await github.granted(name);
  if (granted)
    return checked(repository, need => Promise.resolve(grants(granted, need)), fixOf(github, name));
  if (repository.permissions?.push === false)
    return allowedOnly(repository, readsOnly, 'give the owner of the token the Write role in the repository');
  return checked(repository, async need => await probe(github, repository, need), fixOf(github, name));
}

async function reachable(
  github: GitHub,
  name: RepositoryName,
): Promise<Repository | Extract<Access, { kind: 'no-access' }>> {
  try {
    return await getRepository(github, name);
  } catch (error) {
    const full = `${name.owner}/${name.repo}`;
    const no = { kind: 'no-access' } as const;
    if (isFailure(error, 'unauthorized'))
      return { ...no, reason: 'unauthorized', why: error.message, fix: 'set a valid, unexpired credential' };
    if (isFailure(error, 'not-found', 'forbidden')) {
      const fix = `check the name, and give the credential access to ${full}`;
      return {
        ...no,
        reason: 'unseen',
        why: `${full} does not exist, or the credential has no access to it`,
        fix,
      };
    }
    if (isFailure(error, 'moved')) {
      const fix = 'use the current name of the repository';
      return { ...no, reason: 'moved', why: `${full} was renamed or moved`, fix };
    }
    throw error;
  }
}

type Judge = (need: Need) => Promise<boolean>;

async function checked(repository: Repository, judge: Judge, fix: (need: Need) => string): Promise<Access> {
  const results: NeedCheck[] = [];
  for (const need of needs) {
    const present = await judge(need);
    results.push(present ? { ...need, present } : { ...need, present, fix: fix(need) });
  }
  return { kind: 'checked', repository, needs: results };
}

async function allowedOnly(repository: Repository, judge: Judge, fix: string): Promise<Access> {
  return await checked(repository, judge, () => fix);
}

const readsOnly: Judge = need => Promise.resolve(need.access === 'read');

function grants(granted: TokenPermissions, { permission, access }: Need): boolean {
  const level = granted[permission];
  return level === 'write' || level === 'admin' || (level === 'read' && access === 'read');
}

/** A read must succeed. A write must be refused as invalid, which shows that the permission check passed. */
async function probe(github: GitHub, repository: Repository, need: Need): Promise<boolean> {
  try {
    await probeOf(github, repository, need.permission);
    return true;
  } catch (error) {
    if (isFailure(error, 'invalid', 'conflict')) return true;
    if (isFailure(error, 'forbidden', 'not-found', 'gone')) return false;
    throw error;
  }
}

function fixOf(github: GitHub, { owner, repo }: RepositoryName): (need: Need) => string {
  return ({ permission, access }) => {
    const words = permission.replaceAll('_', ' ');
    const setting = `"${words.charAt(0).toUpperCase()}${words.slice(1)}: ${access === 'write' ? 'Read and write' : 'Read-only'}"`;
    return github.credentialKind === 'app'
      ? `give the App ${setting}, then accept the new permission in its installation`
      : `give the token ${setting} for ${owner}/${repo} (or use a classic token with the "repo" scope)`;
  };
}
