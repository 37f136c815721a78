/** `show` names the target branch of an issue, unless it is the default branch. */
import { expect, test } from '@jest/globals';
import pc from 'picocolors';
import { showLines } from '../../../../src/client/cli/render/show.ts';
import { statusText } from '../../../../src/domain/status-comment.ts';
import { nextStep } from '../../../../src/domain/next-step.ts';
import { viewOf } from '../../../../src/domain/view.ts';
import { snapshot } from '../../../../src/domain/snapshot.ts';
import { worldOf } from '../../../domain/life/targets.ts';

const known = {
  kind: 'running',
  issue: 'acme/shop#7',
  status: 'RUNNING',
  workflowId: 'w',
  runId: 'r',
} as const;
const shown = (labels: readonly string[]): string => {
  const { state } = worldOf({ labels });
  const view = viewOf(state);
  const lines = showLines(
    { ...known, startedAt: 0, pending: [], view },
    { paint: pc.createColors(false), now: 0 },
  );
  return [...lines, statusText(state, nextStep(state)), snapshot(state, { isEnded: false })].join('\n');
};

test('show, the status comment and its snapshot name another target branch', () => {
  const text = shown(['ai', 'v1']);
  expect(text).toMatch(/^ {2}target +stable\/v1$/m);
  expect(text).toContain('- target branch `stable/v1`');
  expect(text).toContain('"target":"stable/v1"');
});

test('they do not name the default branch', () => {
  expect(shown(['ai'])).not.toMatch(/target/);
});
