/** The API by which tests and the demo change the simulated GitHub directly. */
import type { Account, AccountType, Permissions } from '../model.ts';
import type { Faults } from '../control/faults.ts';
import type { Holds } from '../control/holds.ts';
import type { RateLimit } from '../control/rate.ts';
import type { Webhooks } from '../control/webhooks.ts';
import { accountOf, timestamp, type World } from '../world.ts';
import { personaOf, type Persona } from './persona.ts';
import { repositoryAdmin, requireRepository, type RepositoryAdmin } from './repositories.ts';

export interface NewToken {
  readonly token: string;
  readonly login: string;
  /** Fine-grained; absent: a classic token. */
  readonly permissions?: Permissions;
  /** Full names; absent: all. */
  readonly repositories?: readonly string[];
  readonly expiresAtMs?: number;
}

export interface GitHubAdmin {
  readonly faults: Pick<Faults, 'add' | 'clear'>;
  readonly hold: Holds['hold'];
  readonly webhooks: Omit<Webhooks, 'emit' | 'close'>;
  readonly rateLimit: Pick<RateLimit, 'set' | 'view'>;
  readonly repositories: RepositoryAdmin;
  readonly createRepository: RepositoryAdmin['create'];
  readonly addUser: (login: string, type?: AccountType) => Account;
  readonly addToken: (token: NewToken) => void;
  readonly revokeToken: (token: string) => void;
  /** `key`: as in a `.pub` file of OpenSSH. `email`: another verified address of the account. */
  readonly addSigningKey: (login: string, key: string, email?: string) => void;
  /** Acts as a person (or a bot, or CI) in a repository: `admin.as('alice', 'acme/cards').label(1, 'ready')`. */
  readonly as: (login: string, repository: string) => Persona;
}

export interface AdminParts {
  readonly world: World;
  readonly faults: Faults;
  readonly holds: Holds;
  readonly webhooks: Webhooks;
  readonly rate: RateLimit;
}

export function createAdmin(parts: AdminParts): GitHubAdmin {
  const { world } = parts;
  const repositories = repositoryAdmin(world);
  return {
    faults: parts.faults,
    hold: parts.holds.hold,
    webhooks: parts.webhooks,
    rateLimit: parts.rate,
    repositories,
    createRepository: repositories.create,
    addUser: (login, type) => accountOf(world, login, type),
    addToken: ({ token, login, ...scope }) => {
      world.tokens.set(token, { account: accountOf(world, login), ...scope });
    },
    revokeToken: token => void world.tokens.delete(token),
    addSigningKey: (login, key, email) => {
      accountOf(world, login);
      const known = world.signingKeys.get(login.toLowerCase()) ?? [];
      const [kind = '', base64 = '', title = ''] = key.trim().split(' ');
      const added = {
        id: world.nextId(),
        title,
        key: `${kind} ${base64}`,
        ...(email === undefined ? {} : { email }),
        createdAt: timestamp(world),
      };
      world.signingKeys.set(login.toLowerCase(), [...known, added]);
    },
    as: (login, name) => {
      const repository = requireRepository(world, name);
      return personaOf({ world, repository, actor: accountOf(world, login) });
    },
  };
}
