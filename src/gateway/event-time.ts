/** When an event happened on GitHub: the newest of the times that its payload gives; pushes and labels give none. */
import { z } from 'zod';

const Time = z.iso.datetime({ offset: true }).optional().catch(undefined);
const Timed = z
  .object({ created_at: Time, updated_at: Time, submitted_at: Time })
  .optional()
  .catch(undefined);
const Payload = z.object({
  issue: Timed,
  comment: Timed,
  pull_request: Timed,
  review: Timed,
  deployment_status: Timed,
});

/** In epoch milliseconds. */
export function eventTime(payload: unknown): number | undefined {
  const { data } = Payload.safeParse(payload);
  const times = Object.values(data ?? {}).flatMap(timed => Object.values(timed ?? {}));
  const known = times.flatMap(time => (time === undefined ? [] : [Date.parse(time)]));
  return known.length === 0 ? undefined : Math.max(...known);
}
