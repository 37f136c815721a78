/** The agent alone: its real binary in a plain checkout on the host, connected directly to the provider. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codexAdapter } from '../../src/agents/codex/adapter.ts';
import type { CodexBinary } from '../../src/agents/codex/binary.ts';
import { renderPrompt } from '../../src/agents/prompt.ts';
import type { AgentTask } from '../../src/contracts/agent-task.ts';
import { timed } from './figures.ts';

export interface BareRun {
  readonly binary: CodexBinary;
  readonly task: AgentTask;
  readonly model: { readonly name: string; readonly baseUrl: string; readonly token: string };
  readonly checkout: (dir: string) => Promise<void>;
}

/** Milliseconds from the task to the report, without making the checkout. */
export async function bareRun({ binary, task, model, checkout }: BareRun): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-bare-'));
  const [workspaceDir, homeDir, inputDir] = ['ws', 'home', 'input'].map(name => join(dir, name)) as [
    string,
    string,
    string,
  ];
  try {
    await checkout(workspaceDir);
    for (const made of [homeDir, inputDir]) await mkdir(made);
    const searchPath = '/usr/local/bin:/usr/bin:/bin';
    const paths = { workspaceDir, homeDir, inputDir, searchPath, vendorDir: binary.vendorDir };
    const adapter = codexAdapter(binary, paths);
    return await timed(async () => {
      const launch = await adapter.prepare({ task, prompt: renderPrompt(task), model, runDir: dir });
      // The context package is only for a box, not for the host.
      const files = Object.entries(launch.files).filter(([file]) => file.startsWith(`${dir}/`));
      for (const [file, text] of files) await writeFile(file, text);
      const stdout = await output(launch, workspaceDir);
      const ending = adapter.finish({ exit: { code: 0, signal: null }, stdout, stderr: '' });
      if (ending.kind !== 'reported')
        throw new Error(`the bare run ended with ${ending.kind}: ${ending.detail}`);
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
}

function output({ command, args, env, stdin }: Launch, cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env, cwd, maxBuffer: 64 * 1024 * 1024, timeout: 60_000 };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`the bare run failed: ${stderr.slice(-500)}`, { cause: error }));
    });
    child.stdin?.end(stdin);
  });
}
