/** Tells the operator's webhook of a call. Temporal retries what may still succeed; a clear no is a fact. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { noticeText } from '../../domain/call-text.ts';
import { digestOf, hexOf } from '../../domain/digest.ts';
import { issueName } from '../../domain/issue-ref.ts';
import { TransientFailure } from '../effect-failure.ts';
import type { SchedulerPorts } from './ports.ts';

export function notifyWebhook({ notify }: SchedulerPorts): SchedulerActivities['notifyWebhook'] {
  return async ({ context, notice }) => {
    const { seq } = notice;
    if (notify === undefined)
      return { type: 'notified', seq, problem: 'this scheduler has no SIGNALBOX_NOTIFY_URL' };
    const { generation, issue } = context;
    const name = issueName(issue);
    const { hold, rung, who, what, why, title, url } = notice;
    const outcome = await notify({
      deliveryId: hexOf(digestOf({ issue, generation, seq })),
      text: noticeText(notice, name),
      facts: {
        repository: `${issue.owner}/${issue.repo}`,
        issue: issue.number,
        title,
        url,
        hold,
        rung,
        who,
        what,
        why,
      },
    });
    switch (outcome.kind) {
      case 'taken':
        return { type: 'notified', seq };
      case 'refused':
        return { type: 'notified', seq, problem: outcome.why };
      case 'failed':
        throw new TransientFailure(
          'Notify',
          outcome.why,
          outcome.retryAfterMs === undefined ? {} : { afterMs: outcome.retryAfterMs },
        );
    }
  };
}
