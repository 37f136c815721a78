/** Asks for a place in the repository's line of merges. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { PermanentFailure } from '../effect-failure.ts';
import type { SchedulerPorts } from './ports.ts';

export function joinLine({ lines }: Pick<SchedulerPorts, 'lines'>): SchedulerActivities['joinLine'] {
  return async ({ context: { issue }, effect: { id, target, head, approvedAt, ahead } }) => {
    if (lines === undefined) throw new PermanentFailure('Unexpected', 'this scheduler keeps no lines');
    const { number, ...repository } = issue;
    await lines.join(repository, {
      id,
      issue: number,
      target,
      head,
      approvedAt,
      ...(ahead === undefined ? {} : { ahead }),
    });
    return { type: 'line-joined', id, head, target };
  };
}
