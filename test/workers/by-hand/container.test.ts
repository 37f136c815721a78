/** One issue by hand with containers as boxes: agent, export, and Signalbox's own checks. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { IMAGE, inContainers } from '../../box/support/container-stage.ts';
import { type Desk, openDesk, resultOf } from './support/desk.ts';
import { change, handRunner } from './support/hand-run.ts';

inContainers('one issue by hand', stage => {
  let desk: Desk;
  beforeAll(async () => void (desk = await openDesk()));
  afterAll(() => desk.folder.remove());

  test('becomes a verified change, and its record names the image of the boxes', async () => {
    const { name, environment } = stage.engine;
    const ran = await handRunner(desk)(['--agent', desk.agent(change), '--json'], {
      ...environment,
      ...{ SIGNALBOX_BOX: 'container', SIGNALBOX_BOX_IMAGE: IMAGE, SIGNALBOX_BOX_ENGINE: name },
    });
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('in the box')]);
    expect(resultOf(ran)).toMatchObject({
      outcome: 'verified',
      run: { ending: 'patch', box: expect.stringContaining(`image ${stage.tier().image.id}`) },
      checks: [
        { name: 'changed tests', on: 'base', expected: 'fail', passed: false },
        { name: 'changed tests', on: 'head', expected: 'pass', passed: true },
        { name: 'all tests', on: 'head', passed: true },
      ],
    });
  });
});
