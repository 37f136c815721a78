/** Reads what an effect needs from its context; throws a named failure when the rules started the effect too early. */
import type { EffectContext } from '../contracts/activities.ts';
import type { RepositoryFacts } from '../domain/state/reading.ts';
import { PermanentFailure } from './effect-failure.ts';

export function repositoryOf({ repository }: EffectContext): RepositoryFacts {
  if (repository === undefined)
    throw new PermanentFailure('Unexpected', 'the step started before the repository was read');
  return repository;
}
