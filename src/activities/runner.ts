/** The activities of the runner worker, from its ports. */
import type { RunnerActivities } from '../contracts/activities.ts';
import { mapped } from './failures.ts';
import type { RunnerPorts } from './runner/ports.ts';
import { runAgent } from './runner/run-agent.ts';
import { verifyChange } from './runner/verify-change.ts';

export function runnerActivities(ports: RunnerPorts): RunnerActivities {
  return { runAgent: mapped(runAgent(ports)), verifyChange: mapped(verifyChange(ports)) };
}
