/** Checks the artifact store that the settings name. */
import { checkStore } from '../../../artifacts/check-store.ts';
import { StoreFailure } from '../../../artifacts/port.ts';
import { processSettings } from '../../../config/environment.ts';
import type { Cli } from '../cli.ts';
import type { RepositoryCheck } from '../repository-checks.ts';
import { failedCheck } from './failed-check.ts';

export async function storeChecks(cli: Cli): Promise<readonly RepositoryCheck[]> {
  const base = { name: 'artifact store', required: true };
  try {
    return [{ ...base, ok: true, found: await checkStore(processSettings(cli.settings().values)) }];
  } catch (error) {
    if (onlyReads(error))
      return [
        {
          name: 'artifact store',
          required: false,
          ok: false,
          found: error.trouble.what,
          fix: 'nothing for the command line, which only reads; schedulers and runners must be allowed to put objects',
        },
      ];
    return [failedCheck(error, { ...base, fix: 'set SIGNALBOX_ARTIFACTS (docs/artifacts.md)' })];
  }
}

/** The check puts an object first, as a scheduler does at its start. */
function onlyReads(error: unknown): error is StoreFailure {
  return error instanceof StoreFailure && error.kind === 'denied' && error.message.includes('PutObject');
}
