/** Replays histories on the code of one build, without a server. */
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { pino } from 'pino';
import { openStore } from '../artifacts/open-store.ts';
import type { OpenReplay } from '../client/cli/commands/move.ts';
import { processSettings } from '../config/environment.ts';
import { SettingsError } from '../config/settings-error.ts';
import { firstLine } from '../host/error-text.ts';
import { installRuntime } from './temporal-log.ts';
import { installedBuild, keptBuild, type WorkflowBuild } from './workflow-build.ts';

/** The SDK reports each replay that fails in its own log; the result says it here. */
export function silenceTemporal(): void {
  installRuntime(pino({ level: 'silent' }), {});
}

export const openReplay: OpenReplay = async (values, buildId) => {
  const { code } = await codeOf(values, buildId);
  return async (workflowId, history) => {
    try {
      await Worker.runReplayHistory({ workflowBundle: { code } }, history, workflowId);
      return undefined;
    } catch (error) {
      if (error instanceof DeterminismViolationError) return firstLine(error.message);
      throw error;
    }
  };
};

/** What the artifact store keeps, or the installed code. */
async function codeOf(values: Parameters<OpenReplay>[0], buildId: string): Promise<WorkflowBuild> {
  const kept = await keptBuild(openStore(processSettings(values)), buildId);
  if (kept !== undefined) return kept;
  const installed = await installedBuild();
  if (installed.buildId === buildId) return installed;
  throw new SettingsError({
    what: `this host does not have the workflow code of build ${buildId}`,
    fix: "run this where the scheduler's artifact store can be read, or install the scheduler's release here",
  });
}
