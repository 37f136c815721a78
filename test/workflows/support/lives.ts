/** One server and one pair of workers for all tests of a file. Each test starts its own issues; they run in parallel. */
import { afterAll, beforeAll } from '@jest/globals';
import type { Script } from '../../client/temporal/script.ts';
import { openStage, type Stage, type StageOptions } from '../../client/temporal/stage.ts';
import { type Life, lifeOf } from './life.ts';

export interface Lives {
  readonly stage: () => Stage;
  /** Starts a new issue with these changes to its script. */
  begin(script?: Partial<Script>): Promise<Life>;
  stopWorkers(): Promise<void>;
  startWorkers(): Promise<void>;
}

export function openLives(options: StageOptions = {}): Lives {
  let opened: Stage | undefined;
  let stop: (() => Promise<void>) | undefined;
  let number = 1;
  const stage = (): Stage => {
    if (opened === undefined) throw new Error('the stage is not open yet');
    return opened;
  };
  const startWorkers = async (): Promise<void> => void (stop = await stage().startWorkers());
  const stopWorkers = async (): Promise<void> => {
    const stopNow = stop;
    stop = undefined;
    await stopNow?.();
  };
  beforeAll(async () => {
    opened = await openStage(options);
    await startWorkers();
  }, 120_000);
  afterAll(async () => {
    await stopWorkers();
    await opened?.end();
  }, 60_000);
  const begin = async (script: Partial<Script> = {}): Promise<Life> => {
    const life = lifeOf(stage(), number++);
    await life.begin(script);
    return life;
  };
  return { stage, begin, stopWorkers, startWorkers };
}
