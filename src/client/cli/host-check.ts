/** What this host must have for work to be done on it; looked at by whoever composes the program. */
import type { ExitCode } from './exit.ts';

export interface HostCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what is wrong. */
  readonly found: string;
  /** What to do, when it is not well. */
  readonly fix?: string;
  /** What a command that needs it ends with; `EXIT.no` unless told. */
  readonly exit?: ExitCode;
}

/** Looks at the host, with the settings (by the names of environment variables) that its processes would get. */
export type HostChecks = (
  values: Readonly<Record<string, string | undefined>>,
) => Promise<readonly HostCheck[]>;
