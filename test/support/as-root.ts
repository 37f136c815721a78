/** Tests that only root can run: elsewhere they are skipped. */
import { describe, test } from '@jest/globals';

const isRoot = process.getuid?.() === 0;

export const describeAsRoot = isRoot ? describe : describe.skip;
export const testAsRoot = isRoot ? test : test.skip;

/** A user of the host without a name, to whom root gives files. */
export const STRANGER = 60_902;
