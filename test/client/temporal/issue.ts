/** A made-up issue that nothing is missing in. */
import { digestOf } from '../../../src/domain/digest.ts';

export function issue(number: number, optedIn: boolean) {
  return {
    digest: digestOf(`issue ${number}`),
    title: `The greeting is stale ${number}`,
    url: `https://github.test/acme/profile/issues/${number}`,
    author: 'alice',
    state: 'open' as const,
    labels: optedIn ? ['ai'] : [],
    contract: {
      missing: [],
      unclear: [],
      mode: 'guarded' as const,
      wordRisk: { level: 'low' as const, reasons: [] },
    },
    optIn: optedIn
      ? {
          by: { login: 'alice', type: 'User' as const },
          role: { kind: 'role' as const, role: 'maintain' as const },
        }
      : null,
  };
}
