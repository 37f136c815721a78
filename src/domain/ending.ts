/** The endings of a run and their consequences, in one table. No run is ever just "failed". */

export const ENDINGS = [
  'patch',
  'adopted',
  'suggested',
  'no-change',
  'analysis',
  'blocked',
  'needs-human',
  'no-report',
  'report-invalid',
  'change-refused',
  'silence',
  'no-progress',
  'wall-clock',
  'output-limit',
  'over-budget',
  'model-refused',
  'model-unreachable',
  'model-overloaded',
  'sandbox-broken',
  'could-not-start',
  'crashed',
  'cancelled',
  'lost',
] as const;
export type Ending = (typeof ENDINGS)[number];

/** How an agent run can end: commits of people are adopted, and suggestions are applied, without one. */
export const AGENT_ENDINGS = ENDINGS.filter(ending => ending !== 'adopted' && ending !== 'suggested');

export type EndingSequel = 'build' | 'deliver' | 'retry' | 'ask';

export const SEQUEL_MEANINGS: Readonly<Record<EndingSequel, string>> = {
  build: 'the change is built and judged',
  deliver: 'the report is the result',
  retry: 'another attempt, within the limits of the issue; it receives the outcome of this one',
  ask: 'hold `blocked`: a person must act',
};

export interface EndingRule {
  readonly sequel: EndingSequel;
  /** `own`: the run ended on its own and uses an attempt. `lost`: its host was lost; counted separately. `none`: the scheduler ended it, or no agent ran. */
  readonly counts: 'own' | 'lost' | 'none';
  /** The agent asks people something: they can answer. */
  readonly asks?: true;
  /** What people wrote is the result. */
  readonly isWithoutAgent?: true;
  /** Shown to the person who must act, or in the audit record of the retry. */
  readonly meaning: string;
}

export const ENDING_RULES: Readonly<Record<Ending, EndingRule>> = {
  patch: { sequel: 'build', counts: 'own', meaning: 'the agent left a change' },
  adopted: {
    sequel: 'build',
    counts: 'none',
    isWithoutAgent: true,
    meaning: 'commits of people on the branch were adopted',
  },
  suggested: {
    sequel: 'build',
    counts: 'none',
    isWithoutAgent: true,
    meaning: 'suggestions of reviewers were applied',
  },
  'no-change': { sequel: 'ask', counts: 'own', asks: true, meaning: 'the agent found nothing to change' },
  analysis: {
    sequel: 'deliver',
    counts: 'own',
    asks: true,
    meaning: 'the agent reported and changed nothing',
  },
  blocked: { sequel: 'ask', counts: 'own', asks: true, meaning: 'the agent reached a stop condition' },
  'needs-human': { sequel: 'ask', counts: 'own', asks: true, meaning: 'the agent asks for a person' },
  'no-report': { sequel: 'retry', counts: 'own', meaning: 'the agent ended without a report' },
  'report-invalid': { sequel: 'retry', counts: 'own', meaning: 'the report does not match its schema' },
  'change-refused': {
    sequel: 'retry',
    counts: 'own',
    meaning: 'the change could not be copied out of the box',
  },
  silence: { sequel: 'retry', counts: 'own', meaning: 'the agent produced no output for too long' },
  'no-progress': { sequel: 'retry', counts: 'own', meaning: 'the agent made no progress' },
  'wall-clock': { sequel: 'retry', counts: 'own', meaning: 'the time limit of the run was reached' },
  'output-limit': { sequel: 'retry', counts: 'own', meaning: 'the agent wrote more output than allowed' },
  'over-budget': { sequel: 'ask', counts: 'own', meaning: 'the budget of the run was used up' },
  'model-refused': {
    sequel: 'ask',
    counts: 'own',
    meaning: 'the model gateway or the provider refused a request',
  },
  'model-unreachable': { sequel: 'retry', counts: 'own', meaning: 'the model could not be reached' },
  'model-overloaded': { sequel: 'retry', counts: 'own', meaning: 'the model provider was overloaded' },
  'sandbox-broken': { sequel: 'ask', counts: 'own', meaning: 'the box on the runner host does not work' },
  'could-not-start': { sequel: 'ask', counts: 'own', meaning: 'the agent could not be started' },
  crashed: { sequel: 'retry', counts: 'own', meaning: 'the agent crashed' },
  cancelled: {
    sequel: 'retry',
    counts: 'none',
    meaning: 'the run was cancelled because its inputs changed',
  },
  lost: { sequel: 'retry', counts: 'lost', meaning: 'the host of the run was lost' },
};
