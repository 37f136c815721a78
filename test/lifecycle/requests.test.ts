/** How many requests a life without rework costs at GitHub, with real processes. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openSharedStage, type SharedStage } from './support/line.ts';

const LIMIT_MS = 100_000;

const demoPolicy = readFileSync(new URL('../../demo/policy.yml', import.meta.url), 'utf8');
/** The only gate is the merge, which is the release. */
const autoRun = demoPolicy
  .replace('mode: guarded', 'mode: auto-run')
  .replace('verify: deployment', 'verify: merge')
  .replace('signOffFromRisk: low', 'signOffFromRisk: never');

let shared: SharedStage;

beforeAll(async () => {
  shared = await openSharedStage();
}, LIMIT_MS);

afterAll(async () => {
  await shared.close();
}, LIMIT_MS);

test(
  'a life with every gate costs at most 32 requests, besides reads that GitHub answers with 304',
  async () => {
    const { view, figures } = await shared.playLine({});
    expect(view).toMatchObject({ stage: 'release-verified', mode: 'guarded', runs: 1 });
    expect(figures.githubRequests).toBeLessThanOrEqual(32);
    expect(figures.githubNotModified).toBeGreaterThan(0);
    expect(figures.githubContentCreating).toBeLessThanOrEqual(6);
  },
  LIMIT_MS,
);

test(
  'a life in auto-run costs at most 20',
  async () => {
    const project = { policy: autoRun, mode: 'auto-run' } as const;
    const { view, figures } = await shared.playLine({ project });
    expect(view).toMatchObject({ stage: 'release-verified', mode: 'auto-run', runs: 1 });
    expect(figures.githubRequests).toBeLessThanOrEqual(20);
    expect(figures.githubNotModified).toBeGreaterThan(0);
  },
  LIMIT_MS,
);
