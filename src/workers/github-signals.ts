/** Counts the requests to GitHub and watches whether it accepts the credential, without a request of its own. */
import type { AnswerObserver } from '../github/strict-fetch.ts';
import type { Signals } from '../telemetry/signals.ts';

export function watchedGitHub({ health, metrics }: Pick<Signals, 'health' | 'metrics'>): AnswerObserver {
  let refused = false;
  health.watch('github', () =>
    refused
      ? 'does not accept the credential. Fix: set GITHUB_TOKEN or GITHUB_APP_* to a valid credential'
      : undefined,
  );
  return ({ requestClass, status, quota }) => {
    metrics.add('signalbox_github_requests_total', { class: requestClass, status: String(status) });
    // Without an answer, nothing is known about the credential.
    if (status !== 0) refused = status === 401;
    if (quota === undefined) return;
    const { resource, limit, remaining, resetsAt } = quota;
    metrics.set('signalbox_github_quota_limit', { resource }, limit);
    metrics.set('signalbox_github_quota_remaining', { resource }, remaining);
    metrics.set('signalbox_github_quota_reset_timestamp_seconds', { resource }, resetsAt);
  };
}
