/** One issue by hand where every box is the agent's own sandbox: set-up, agent, export, and the checks that the scheduler believes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inSandboxes } from '../../box/support/sandbox-stage.ts';
import { type Desk, openDesk, resultOf } from './support/desk.ts';
import { change, handRunner } from './support/hand-run.ts';

inSandboxes('one issue by hand', stage => {
  let desk: Desk;
  beforeAll(async () => void (desk = await openDesk()));
  afterAll(() => desk.folder.remove());
  const chosen = { SIGNALBOX_BOX: 'agent-sandbox' };

  test('becomes a verified change, and its record names the box and what gets through', async () => {
    const ran = await handRunner(desk)(['--agent', desk.agent(change), '--json'], {
      ...{ ...chosen, SIGNALBOX_BOX_STRICT: 'false' },
    });
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('in the box')]);
    const box = expect.stringMatching(/^agent-sandbox \(codex .*; does not hold against: write-outside/);
    expect(resultOf(ran)).toMatchObject({
      outcome: 'verified',
      run: { ending: 'patch', box },
      checks: [
        { name: 'changed tests', on: 'base', expected: 'fail', passed: false },
        { name: 'changed tests', on: 'head', expected: 'pass', passed: true },
        { name: 'all tests', on: 'head', passed: true },
      ],
    });
    expect(stage.tier().name).toBe('agent-sandbox');
  });

  test('is not begun in strict mode, in one line that says what to choose', async () => {
    const ran = await handRunner(desk)(['--agent', desk.agent(change)], chosen);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toMatch(/does not hold against: .*SIGNALBOX_BOX_STRICT=false takes/);
  });
});
