/** This host's clock against GitHub's: an App's credential is refused when it comes from the future. */
import type { Cli } from '../cli.ts';
import { durationText } from '../render/text.ts';
import type { RepositoryCheck } from '../repository-checks.ts';

/** An App's token is dated back by 30 s for such clocks, not more (universal-github-app-jwt). */
const SKEW_MS_MAX = 30_000;
const TIMEOUT_MS = 5_000;

/** Needs no credential: every answer of GitHub carries its time, also a refusal. */
export async function clockCheck(cli: Cli): Promise<RepositoryCheck> {
  const name = 'clock';
  const { apiUrl } = cli.settings().github;
  const sentAt = cli.now();
  const date = await dateOf(apiUrl);
  if (date === undefined) {
    const fix = 'the check above says whether GitHub can be reached';
    return { name, ok: false, found: 'GitHub told no time to compare with', fix, required: false };
  }
  // The header has whole seconds, and was written somewhere between question and answer.
  const skewMs = Math.round((sentAt + cli.now()) / 2) - (date + 500);
  const found =
    Math.abs(skewMs) < 1_500
      ? "agrees with GitHub's"
      : `${durationText(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'} GitHub's`;
  const fix = 'set the clock: have this host synchronise it (NTP)';
  const ok = Math.abs(skewMs) <= SKEW_MS_MAX;
  return { name, ok, found, ...(ok ? {} : { fix }), required: true };
}

async function dateOf(apiUrl: string): Promise<number | undefined> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const { headers } = await fetch(apiUrl, { method: 'HEAD', redirect: 'manual', signal });
    const date = Date.parse(headers.get('date') ?? '');
    return Number.isNaN(date) ? undefined : date;
  } catch {
    return undefined;
  }
}
