/** Builds the CLI from source with Go. It takes minutes, so it is the last route. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { keepInCache } from './cache.ts';
import { findOnPath } from '../../host/executable.ts';
import type { Route } from './route.ts';
import { runTool } from './run-tool.ts';

const BUILD_TIMEOUT_MS = 20 * 60_000;
/** `go install …@version` fails because the module has a replace directive; repeating the directive here works. */
const GO_MOD = `module temporal-for-signalbox

go 1.24

require github.com/temporalio/cli v1.8.2

tool github.com/temporalio/cli/cmd/temporal

replace github.com/temporalio/cli/cliext => github.com/temporalio/cli/cliext v0.0.0-20260731000218-c579925f193f
`;

export const goRoute: Route = {
  name: 'Go build',
  async find(context) {
    const go = findOnPath(['go', 'go.exe'], context.environment['PATH'] ?? '');
    if (go === undefined) return { kind: 'none', cause: 'no go on PATH' };
    return keepInCache(context, async folder => {
      context.onProgress('building the Temporal CLI from source with Go (several minutes)');
      await writeFile(path.join(folder, 'go.mod'), GO_MOD);
      const run = { command: go, cwd: folder, timeoutMs: BUILD_TIMEOUT_MS, env: { CGO_ENABLED: '0' } };
      const binary = path.join(folder, 'temporal');
      await runTool(context, { ...run, args: ['mod', 'tidy'] });
      await runTool(context, {
        ...run,
        args: ['build', '-o', binary, 'github.com/temporalio/cli/cmd/temporal'],
      });
      return binary;
    });
  },
};
