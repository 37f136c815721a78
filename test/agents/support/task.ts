/** A task and a report for tests. */
import type { AgentTask } from '../../../src/contracts/agent-task.ts';
import type { AgentReport } from '../../../src/contracts/agent-report.ts';

export function aTask(change: Partial<AgentTask> = {}): AgentTask {
  return {
    version: 1,
    runId: 'issue-12-g1-a1',
    attempt: 1,
    repository: 'octo/profile-card',
    issue: {
      number: 12,
      title: 'The greeting does not refresh',
      body: 'After a rename the card greets the old name.',
      snapshotDigest: 'sha256:abc',
    },
    contract: {
      problem: 'The greeting keeps the old name after a rename.',
      expected: 'The greeting shows the new name at once.',
      evidence: 'Seen on the profile card.',
      acceptanceCriteria: ['A rename within one part of the day changes the greeting'],
      nonGoals: 'No redesign of the card.',
      risks: 'Low.',
      sourceOfTruth: 'README.md',
      stopConditions: ['The public API would have to change', 'A secret would be needed'],
      mode: 'auto-run',
      otherText: '',
    },
    baseCommit: 'a'.repeat(40),
    instructions: [],
    contextFiles: ['src/greeting.js'],
    feedback: [],
    allowedPaths: ['src/**', 'test/**'],
    protectedPaths: ['.github/**'],
    verificationCommands: ['node --test'],
    limits: { wallClockMs: 60_000, silenceMs: 30_000, tokensMax: 1_000_000, costUsdMax: 5 },
    ...change,
  };
}

export function aReport(change: Partial<AgentReport> = {}): AgentReport {
  return {
    version: 1,
    outcome: 'patch',
    summary: 'Fixed.',
    rootCause: { text: 'A cache.', files: [{ path: 'src/greeting.js', line: 3 }] },
    changes: [{ path: 'src/greeting.js', what: 'compares the name' }],
    verificationClaimed: [{ command: 'node --test', result: 'passes' }],
    skippedChecks: [],
    remainingRisks: [],
    stopConditionsMet: [],
    questions: [],
    declaredRisk: null,
    releaseNotes: '',
    ...change,
  };
}
