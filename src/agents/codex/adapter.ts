/** The Codex agent: runs the native binary with hardened flags. Prompt on stdin, JSONL events on stdout, report as last message. */
import { join } from 'node:path';
import type { BoxMount } from '../../box/spec.ts';
import type { AgentAdapter, AgentLaunch, PrepareInput } from '../adapter.ts';
import { agentReportOutputSchema } from '../../contracts/agent-report.ts';
import { contextPackage } from '../context-package.ts';
import { CODEX_MOUNT, type CodexBinary } from './binary.ts';
import { catalogFor } from './catalog.ts';
import { codexEnding } from './ending.ts';
import { codexCommand, codexProgress } from './events.ts';
import { codexArguments, CODEX_TOKEN_VARIABLE } from './flags.ts';

export interface CodexPaths {
  readonly workspaceDir: string;
  /** HOME and CODEX_HOME; must exist. */
  readonly homeDir: string;
  readonly vendorDir: string;
  readonly inputDir: string;
  readonly searchPath: string;
}

/** The paths in the box. */
export const boxPaths: CodexPaths = {
  workspaceDir: '/ws',
  homeDir: '/home/agent',
  vendorDir: CODEX_MOUNT,
  inputDir: '/run/agent',
  searchPath: '/opt/node/bin:/usr/local/bin:/usr/bin:/bin',
};

/** `paths` differs from the default only when the agent runs without a box. */
export function codexAdapter(binary: CodexBinary, paths: CodexPaths = boxPaths): AgentAdapter {
  return {
    name: 'codex',
    needsModel: true,
    progressFrom: 'stdout',
    readOnlyMounts: mountsOf(binary, paths),
    prepare: input => prepare(binary, paths, input),
    progressOf: codexProgress,
    commandOf: codexCommand,
    finish: codexEnding,
  };
}

function mountsOf({ vendorDir }: CodexBinary, paths: CodexPaths): readonly BoxMount[] {
  return [{ from: vendorDir, to: paths.vendorDir }];
}

async function prepare(binary: CodexBinary, paths: CodexPaths, input: PrepareInput): Promise<AgentLaunch> {
  const schemaPath = join(paths.inputDir, 'report.schema.json');
  const catalogPath = join(paths.inputDir, 'models.json');
  const catalog = await catalogFor(input.model.name, { hostPath: binary.hostPath, home: input.runDir });
  return {
    command: join(paths.vendorDir, 'bin', 'codex'),
    args: codexArguments({
      model: input.model.name,
      baseUrl: input.model.baseUrl,
      workspaceDir: paths.workspaceDir,
      outputSchemaPath: schemaPath,
      ...(catalog === undefined ? {} : { catalogPath }),
    }),
    env: {
      [CODEX_TOKEN_VARIABLE]: input.model.token,
      HOME: paths.homeDir,
      CODEX_HOME: paths.homeDir,
      PATH: paths.searchPath,
    },
    stdin: input.prompt,
    readOnlyMounts: mountsOf(binary, paths),
    files: {
      ...contextPackage(input.task),
      [schemaPath]: JSON.stringify(agentReportOutputSchema()),
      ...(catalog === undefined ? {} : { [catalogPath]: catalog }),
    },
  };
}
