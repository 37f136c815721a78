/** The commands that need only this folder. Each is loaded when it is named, so that no other waits for what it needs. */
import type { DecisionKind } from '../../domain/decision.ts';
import type { CommandLoader, CommandLoaders } from './command.ts';

export const COMMANDS: CommandLoaders = {
  init: async () => (await import('./commands/init.ts')).initCommand,
  start: async () => (await import('./commands/start.ts')).startCommand,
  list: async () => (await import('./commands/list.ts')).listCommand,
  show: async () => (await import('./commands/show.ts')).showCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  watch: async () => (await import('./commands/watch.ts')).watchCommand,
  line: async () => (await import('./commands/line.ts')).lineCommand,
  approve: decision('approve'),
  reject: decision('reject'),
  answer: decision('answer'),
  adopt: decision('adopt'),
  escalate: decision('escalate'),
  retry: decision('retry'),
  pause: decision('pause'),
  resume: decision('resume'),
  cancel: decision('cancel'),
  'verify-release': decision('verify-release'),
  'set-mode': decision('set-mode'),
  'assign-release-owner': decision('assign-release-owner'),
  evidence: async () => (await import('./commands/evidence.ts')).evidenceCommand,
  audit: async () => (await import('./commands/audit.ts')).auditCommand,
  logs: async () => (await import('./commands/logs.ts')).logsCommand,
  scan: async () => (await import('./commands/scan.ts')).scanCommand,
  reconcile: async () => (await import('./commands/reconcile.ts')).reconcileCommand,
  namespace: async () => (await import('./commands/namespace.ts')).namespaceCommand,
  artifacts: async () => (await import('./commands/artifacts.ts')).artifactsCommand,
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand,
  contract: async () => (await import('./commands/check-files.ts')).contractCommand,
  policy: async () => (await import('./commands/check-files.ts')).policyCommand,
  completion: async () => (await import('./commands/completion.ts')).completionCommand,
};

function decision(kind: DecisionKind): CommandLoader {
  return async () => (await import('./commands/decisions.ts')).decisionCommands[kind];
}
