/** Effects that others see, stated anew: none begins while there is unread news. */
import type { Effect } from '../../../src/domain/step.ts';

export const OUTWARD: readonly Effect['kind'][] = [
  'claim-branch',
  'run-agent',
  'push-commit',
  'publish-evidence',
  'open-pull-request',
  'mark-ready',
  'rerun-check',
  'join-line',
  'merge',
  'hand-over-merge',
];
