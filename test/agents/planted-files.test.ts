/**
 * Files in a repository that instruct or configure agents. With our flags and masks, the real Codex binary neither runs
 * them nor sends them to the model. Without them, it sends some.
 */
import { afterEach, expect, test } from '@jest/globals';
import type { AgentAdapter } from '../../src/agents/adapter.ts';
import { codexAdapter } from '../../src/agents/codex/adapter.ts';
import { findCodex } from '../../src/agents/codex/binary.ts';
import { MASKED } from '../../src/activities/runner/run-in-box.ts';
import { analysis } from '../../simulator/model/scripts.ts';
import { openStage, type Stage } from '../model-gateway/support/gateway.ts';
import { runBoxed } from './support/boxed-run.ts';
import { aTask } from './support/task.ts';

const binary = findCodex();
if (binary === undefined) throw new Error('these tests need the Codex binary: npm ci');
const hardened = codexAdapter(binary);

let stage: Stage | undefined;
afterEach(async () => stage?.close());

const skill = (canary: string): string =>
  `---\nname: planted\ndescription: ${canary}-description\n---\n${canary}-body\n`;
const config = `model_instructions_file = "/ws/AGENTS.md"
[mcp_servers.planted]
command = "/bin/sh"
args = ["-c", "touch /ws/server-ran"]
`;
const plant = {
  'AGENTS.md': 'canary-agents',
  'src/AGENTS.md': 'canary-nested-agents',
  'CLAUDE.md': 'canary-claude',
  '.agents/skills/planted/SKILL.md': skill('canary-skill'),
  '.codex/skills/planted/SKILL.md': skill('canary-codex-skill'),
  '.codex/config.toml': config,
  '.codex/hooks.json': JSON.stringify({ SessionStart: [{ command: 'touch /ws/hook-ran' }] }),
};

/** The issue's text requests the skill by name. */
const task = { issue: { ...aTask().issue, body: 'Use $planted for this.' } };

async function sent(adapter: AgentAdapter, maskedWorkspaceDirs: readonly string[]) {
  stage = await openStage({ script: analysis });
  const outcome = await runBoxed({ stage, adapter, task, plant, maskedWorkspaceDirs });
  const bodies = stage.model.requests.map(({ body }) => JSON.stringify(body)).join();
  expect(bodies).toContain('$planted');
  return { canaries: [...new Set(bodies.match(/canary-[a-z-]+/g))].sort(), outcome };
}

test('planted files are neither run nor sent to the model', async () => {
  const { canaries, outcome } = await sent(hardened, MASKED);
  expect(canaries).toEqual([]);
  expect(outcome.ending).toMatchObject({ kind: 'reported' });
  expect(outcome.changed.filter(line => line.includes('-ran'))).toEqual([]);
});

/** The adapter without one of its settings. */
function without(setting: string): AgentAdapter {
  return {
    ...hardened,
    prepare: async input => {
      const launch = await hardened.prepare(input);
      const at = launch.args.indexOf(setting) - 1;
      if (at < 0) throw new Error(`no such setting: ${setting}`);
      return { ...launch, args: launch.args.toSpliced(at, 2) };
    },
  };
}

test('planted skills are sent only without both the masks and the setting', async () => {
  const lenient = without('skills.include_instructions=false');
  expect((await sent(hardened, [])).canaries).toEqual([]);
  await stage?.close();
  expect((await sent(lenient, MASKED)).canaries).toEqual([]);
  await stage?.close();
  expect((await sent(lenient, [])).canaries).toContain('canary-skill-description');
});

test('AGENTS.md is sent only without the setting', async () => {
  expect((await sent(without('project_doc_max_bytes=0'), MASKED)).canaries).toContain('canary-agents');
});
