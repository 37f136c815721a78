/** What an effect needs of its context, and a failure by name where the rules sent it too early. */
import type { EffectContext } from '../contracts/activities.ts';
import type { RepositoryFacts } from '../domain/state/reading.ts';
import { PermanentFailure } from './effect-failure.ts';

export function repositoryOf({ repository }: EffectContext): RepositoryFacts {
  if (repository === undefined)
    throw new PermanentFailure('Unexpected', 'the step came before the repository was read');
  return repository;
}
