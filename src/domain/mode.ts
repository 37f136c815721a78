/** Execution modes: how much authority a project grants to a run. One table says what each may do. */

export const MODES = ['auto-run', 'guarded', 'analysis', 'spike'] as const;
export type Mode = (typeof MODES)[number];

export interface ModeRights {
  /** The run's change may become a branch that people see. */
  readonly mayWrite: boolean;
  /** The branch may become a pull request to the default branch. */
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
    meaning: 'complex but bounded: gates and evidence',
  },
  analysis: {
    mayWrite: false,
    mayOpenPullRequest: false,
    startGate: false,
    meaning: 'the agent reads and reports, changes nothing',
  },
  spike: {
    mayWrite: true,
    mayOpenPullRequest: false,
    startGate: true,
    meaning: 'exploration: a report and a throw-away branch',
  },
};

export function parseMode(text: string): Mode | undefined {
  const word = text.trim().toLowerCase();
  return MODES.find(mode => mode === word);
}
