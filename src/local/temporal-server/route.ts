/** The interface of all routes to a Temporal CLI binary. */
import type { Environment } from '../../config/environment.ts';

export interface RouteContext {
  readonly environment: Environment;
  /** Where binaries are kept between runs. */
  readonly cacheDir: string;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** `none`: this route is not available here, with the cause. A route that fails may also throw: its message is the cause. */
export type RouteAnswer =
  | { readonly kind: 'binary'; readonly path: string; readonly version: string }
  | { readonly kind: 'none'; readonly cause: string };

export interface Route {
  readonly name: string;
  readonly find: (context: RouteContext) => Promise<RouteAnswer>;
}
