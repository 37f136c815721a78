/** Execution modes: how much authority a project grants to a run, in one table. */

export const MODES = ['auto-run', 'guarded', 'analysis', 'spike'] as const;
export type Mode = (typeof MODES)[number];

export interface ModeRights {
  /** The run's change can become a public branch. */
  readonly mayWrite: boolean;
  /** The branch can become a pull request to the target branch. */
  readonly mayOpenPullRequest: boolean;
  /** A person must approve before the first run. */
  readonly startGate: boolean;
  readonly meaning: string;
}

export const MODE_RIGHTS: Readonly<Record<Mode, ModeRights>> = {
  'auto-run': {
    mayWrite: true,
    mayOpenPullRequest: true,
    startGate: false,
    meaning: 'low risk, bounded, testable, reversible',
  },
  guarded: {
    mayWrite: true,
    mayOpenPullRequest: true,
    startGate: true,
    meaning: 'complex but bounded work, with gates and evidence',
  },
  analysis: {
    mayWrite: false,
    mayOpenPullRequest: false,
    startGate: false,
    meaning: 'the agent reads and reports; it changes nothing',
  },
  spike: {
    mayWrite: true,
    mayOpenPullRequest: false,
    startGate: true,
    meaning: 'exploration, with a report and a throw-away branch',
  },
};

export function parseMode(text: string): Mode | undefined {
  const word = text.trim().toLowerCase();
  return MODES.find(mode => mode === word);
}
