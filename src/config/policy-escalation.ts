/** The section `escalation` of the policy file: when people are reminded of a hold. */
import { duration, login } from './policy-kinds.ts';
import { as, section } from './policy-section.ts';

export const escalation = section({
  remindAfter: as(
    'remindAfterMs',
    duration.prefault('1d').describe('the time until a reminder about a hold'),
  ),
  escalateAfter: as(
    'escalateAfterMs',
    duration.prefault('3d').describe('the time until the hold is escalated to `escalation.to`'),
  ),
  parkAfter: as(
    'parkAfterMs',
    duration.prefault('7d').describe('the time until the hold is parked, the last rung'),
  ),
  to: login.default('').describe('the login of a person; empty: a maintainer'),
});
