/** What every way of getting a Temporal CLI binary has in common. */
import type { Environment } from '../../config/environment.ts';

export interface RouteContext {
  readonly environment: Environment;
  /** Where binaries are kept between runs. */
  readonly cacheDir: string;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** `none`: this way is not open here, and why. A way that breaks may also throw: its message is the cause. */
export type RouteAnswer =
  | { readonly kind: 'binary'; readonly path: string; readonly version: string }
  | { readonly kind: 'none'; readonly cause: string };

export interface Route {
  readonly name: string;
  readonly find: (context: RouteContext) => Promise<RouteAnswer>;
}
