/** The actor and the repository of a change: the first argument of every function that changes a repository. */
import type { Account, Json, Repository } from '../model.ts';
import { noreplyAddress, timestamp, type World } from '../world.ts';
import { renderAccount } from '../render/account.ts';
import type { Identity } from '../git/write.ts';

export interface Act {
  readonly world: World;
  readonly repository: Repository;
  readonly actor: Account;
}

export const emit = (act: Act, event: string, payload: Json): void =>
  act.world.emit(event, act.repository, { ...payload, sender: renderAccount(act.world, act.actor) });

export const nowIn = (act: Act): string => timestamp(act.world);

export const identityOf = (act: Act): Identity => ({
  name: act.actor.login,
  email: noreplyAddress(act.actor),
  atMs: act.world.now(),
});

/** The committer of merges made by the server. */
export const serverIdentity = (act: Act): Identity => ({
  name: 'GitHub',
  email: 'noreply@github.com',
  atMs: act.world.now(),
});
