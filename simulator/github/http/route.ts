/** Routes named by GitHub's OpenAPI path templates, with the role and the fine-grained permission each one needs. */
import type { Role } from '../model.ts';
import type { Call, GlobalCall, Reply } from './exchange.ts';

type Answer = Reply | Promise<Reply>;

interface RouteShape {
  readonly method: string;
  readonly template: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

export interface RepositoryRoute extends RouteShape {
  readonly scope: 'repository';
  /** One of them is enough: read for GET, write otherwise. */
  readonly permissions: readonly string[];
  readonly role: Role;
  readonly contentCreating: boolean;
  readonly handle: (call: Call) => Answer;
}

export interface GlobalRoute extends RouteShape {
  readonly scope: 'global';
  readonly contentCreating: false;
  readonly handle: (call: GlobalCall) => Answer;
}

export type Route = RepositoryRoute | GlobalRoute;

const manySegments = new Set(['ref', 'basehead', 'branch', 'name']);

function shape(method: string, template: string): RouteShape {
  const names: string[] = [];
  // the contents of the root have no path and, from octokit, no slash either
  const source = template.replace('/{path}', '{path}').replace(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    if (/_(number|id)$/.test(name)) return '(\\d+)';
    if (name === 'path') return '(?:/(.*))?';
    return manySegments.has(name) ? '(.+)' : '([^/]+)';
  });
  return { method, template, names, pattern: new RegExp(`^${source}$`) };
}

export interface RouteNeeds {
  readonly permissions: readonly string[];
  readonly role?: Role;
  readonly contentCreating?: boolean;
}

/** `operation` is "METHOD /rest/of/path" below /repos/{owner}/{repo}. */
export function repositoryRoute(
  operation: string,
  needs: RouteNeeds,
  handle: (call: Call) => Answer,
): RepositoryRoute {
  const [method = '', tail = ''] = operation.split(' ');
  return {
    ...shape(method, `/repos/{owner}/{repo}${tail}`),
    scope: 'repository',
    permissions: needs.permissions,
    role: needs.role ?? 'read',
    contentCreating: needs.contentCreating ?? false,
    handle,
  };
}

export function globalRoute(operation: string, handle: (call: GlobalCall) => Answer): GlobalRoute {
  const [method = '', path = ''] = operation.split(' ');
  return { ...shape(method, path), scope: 'global', contentCreating: false, handle };
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export function findRoute(routes: readonly Route[], method: string, path: string): Match | undefined {
  for (const route of routes) {
    if (route.method !== method) continue;
    const found = route.pattern.exec(path);
    if (found === null) continue;
    const params = Object.fromEntries(route.names.map((name, at) => [name, decode(found.at(at + 1))]));
    return {
      route,
      params: {
        ...params,
        '*': path
          .split('/')
          .slice(4)
          .map(part => `/${part}`)
          .join(''),
      },
    };
  }
  return undefined;
}

function decode(part = ''): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
