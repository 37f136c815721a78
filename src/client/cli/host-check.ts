/** Checks of this host's prerequisites. The program's entry point supplies their implementation. */
import type { ExitCode } from './exit.ts';

export interface HostCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or the problem. */
  readonly found: string;
  /** How to fix a failed check. */
  readonly fix?: string;
  /** The exit code of a command that needs this check; `EXIT.no` by default. */
  readonly exit?: ExitCode;
}

/** Checks the host with the settings that its processes would get, keyed by environment variable. */
export type HostChecks = (
  values: Readonly<Record<string, string | undefined>>,
) => Promise<readonly HostCheck[]>;
