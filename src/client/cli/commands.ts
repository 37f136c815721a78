/** The commands that need only this folder, in the order of the help. */
import type { CommandFactory } from './command.ts';
import { artifactsCommand } from './commands/artifacts.ts';
import { auditCommand } from './commands/audit.ts';
import { contractCommand, policyCommand } from './commands/check-files.ts';
import { completionCommand } from './commands/completion.ts';
import { decisionCommands } from './commands/decisions.ts';
import { evidenceCommand } from './commands/evidence.ts';
import { explainCommand } from './commands/explain.ts';
import { initCommand } from './commands/init.ts';
import { lineCommand } from './commands/line.ts';
import { listCommand } from './commands/list.ts';
import { logsCommand } from './commands/logs.ts';
import { namespaceCommand } from './commands/namespace.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { scanCommand } from './commands/scan.ts';
import { showCommand } from './commands/show.ts';
import { simulateCommand } from './commands/simulate.ts';
import { startCommand } from './commands/start.ts';
import { watchCommand } from './commands/watch.ts';

export const COMMANDS: readonly CommandFactory[] = [
  initCommand,
  startCommand,
  listCommand,
  showCommand,
  explainCommand,
  watchCommand,
  lineCommand,
  ...decisionCommands,
  evidenceCommand,
  auditCommand,
  logsCommand,
  scanCommand,
  reconcileCommand,
  namespaceCommand,
  artifactsCommand,
  simulateCommand,
  contractCommand,
  policyCommand,
  completionCommand,
];
