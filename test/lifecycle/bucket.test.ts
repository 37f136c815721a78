/** A whole life whose scheduler and runner share nothing but Temporal and a bucket of a real S3 server. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openStore } from '../../src/artifacts/open-store.ts';
import { processSettings } from '../../src/config/environment.ts';
import { NO_S3_SERVER, startS3Server } from '../support/s3-server.ts';
import { playLine } from './support/line.ts';

const LIMIT_MS = 150_000;
const check = NO_S3_SERVER === undefined ? test : test.skip;

check(
  `an issue comes to its end with its artifacts in a bucket${NO_S3_SERVER === undefined ? '' : ` (${NO_S3_SERVER})`}`,
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'bucket-'));
    const server = await startS3Server({ directory });
    try {
      const values = server.settings(undefined, 'life');
      const { view, figures } = await playLine({
        timeoutMs: LIMIT_MS,
        stage: { values },
        inspect: ({ dataDir }) => {
          expect(existsSync(join(dataDir, 'artifacts'))).toBe(false);
          return Promise.resolve();
        },
      });
      expect(view).toMatchObject({ stage: 'release-verified', runs: 1 });
      expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
      const store = openStore(processSettings(values));
      const evidence = view.evidence?.digest ?? '';
      expect(
        JSON.parse(Buffer.from(await store.get(evidence as `sha256:${string}`, 1_000_000)).toString()),
      ).toHaveProperty('version');
      expect(await store.noted('builds')).toHaveLength(1);
    } finally {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
  LIMIT_MS,
);
