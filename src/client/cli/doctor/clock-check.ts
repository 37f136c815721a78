/** Compares this host's clock with GitHub's, which refuses an App's credential from the future. */
import type { Cli } from '../cli.ts';
import { durationText } from '../render/text.ts';
import { cliNetwork } from '../network.ts';
import type { RepositoryCheck } from '../repository-checks.ts';

/** universal-github-app-jwt dates an App's token back by 30 s to allow for clock skew. */
const SKEW_MS_MAX = 30_000;
const TIMEOUT_MS = 5_000;

/** Needs no credential: every response of GitHub has a Date header, also a refusal. */
export async function clockCheck(cli: Cli): Promise<RepositoryCheck> {
  const name = 'clock';
  const { apiUrl } = cli.settings().github;
  const sentAt = cli.now();
  const date = await dateOf(cli, apiUrl);
  if (date === undefined) {
    const fix = 'see the GitHub check above';
    return {
      name,
      ok: false,
      found: "cannot compare: no Date header from GitHub's API",
      fix,
      required: false,
    };
  }
  // The header has whole seconds and was written between request and response.
  const skewMs = Math.round((sentAt + cli.now()) / 2) - (date + 500);
  const found =
    Math.abs(skewMs) < 1_500
      ? "in sync with GitHub's"
      : `${durationText(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'} GitHub's`;
  const fix = "synchronize this host's clock (NTP)";
  const ok = Math.abs(skewMs) <= SKEW_MS_MAX;
  return { name, ok, found, ...(ok ? {} : { fix }), required: true };
}

async function dateOf(cli: Cli, apiUrl: string): Promise<number | undefined> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const { headers } = await cliNetwork(cli).fetch(apiUrl, { method: 'HEAD', redirect: 'manual', signal });
    const date = Date.parse(headers.get('date') ?? '');
    return Number.isNaN(date) ? undefined : date;
  } catch {
    return undefined;
  }
}
