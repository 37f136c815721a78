/** The section `workspace` of the policy file. */
import { z } from 'zod';
import { HISTORY_BYTES_MAX_DEFAULT } from '../git/history.ts';
import { as, section } from './policy-section.ts';

/** A quarter of a workspace is left for the files of the base and what the agent writes. */
const HISTORY_BYTES_MAX = 1.5 * HISTORY_BYTES_MAX_DEFAULT;

export const workspaceSection = section({
  keepOnFailure: z
    .boolean()
    .default(false)
    .describe(
      '`true`: the runner keeps the workspace of a failed run as an archive in `workspaces/sealed` of its data directory; `show` prints the path. Limits: 20 archives, 4 GiB together, 14 days. The files are hostile: unpack them with `tar --no-same-owner --no-same-permissions` in a place where no tool opens them automatically',
    ),
  history: z
    .enum(['full', 'shallow'])
    .default('full')
    .describe(
      'what agents get of the history: `full`, or `shallow` for the base commit only; see [large repositories](#large-repositories)',
    ),
  historyBytes: as(
    'historyBytesMax',
    z
      .int()
      .positive()
      .max(HISTORY_BYTES_MAX)
      .default(HISTORY_BYTES_MAX_DEFAULT)
      .describe('the limit of bytes of a `full` history, as git packs it'),
  ),
}).transform(({ history, historyBytesMax, ...rest }) => ({
  ...rest,
  // Absent by default, so that a policy keeps the digest that it had before these fields existed.
  ...(history === 'full' ? {} : { history }),
  ...(historyBytesMax === HISTORY_BYTES_MAX_DEFAULT ? {} : { historyBytesMax }),
}));
