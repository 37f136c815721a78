/** REST: the repository, its collaborators' permissions, and its branch rules. */
import type { Role } from '../model.ts';
import { atLeast, protectionsOf, roleOf } from '../world.ts';
import { renderAccount } from '../render/account.ts';
import { renderFullRepository, repositoryApi } from '../render/repository.ts';
import { renderProtection, renderRules, renderRuleset } from '../render/rules.ts';
import { ApiError, forbidden, notFound } from '../http/errors.ts';
import { paginated } from '../http/pages.ts';
import { ok, param, type Call, type Reply } from '../http/exchange.ts';
import { repositoryRoute, type Route } from '../http/route.ts';

const metadata = { permissions: ['metadata'] };

export const repositoryRoutes = (): Route[] => [
  repositoryRoute('GET ', metadata, call =>
    ok(renderFullRepository(call.world, call.repository, call.actor)),
  ),
  repositoryRoute('GET /collaborators/{username}/permission', metadata, readPermission),
  repositoryRoute('GET /rules/branches/{branch}', metadata, readRules),
  repositoryRoute('GET /rulesets/{ruleset_id}', metadata, readRuleset),
  repositoryRoute(
    'GET /branches/{branch}/protection',
    { permissions: ['administration'], role: 'admin' },
    readProtection,
  ),
];

/** The older `permission`, which has four values; `role_name` is exact. */
const permissionWords: Readonly<Record<Role, string>> = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
  none: 'none',
};

function readPermission(call: Call): Reply {
  if (!atLeast(call.role, 'write')) throw forbidden('Must have push access to view collaborator permission.');
  const account = call.world.accounts.get(param(call, 'username').toLowerCase());
  if (account === undefined) throw notFound();
  const role = roleOf(call.repository, account);
  const permissions = {
    admin: atLeast(role, 'admin'),
    maintain: atLeast(role, 'maintain'),
    push: atLeast(role, 'write'),
    triage: atLeast(role, 'triage'),
    pull: atLeast(role, 'read'),
  };
  const user = { ...renderAccount(call.world, account), permissions, role_name: role };
  return ok({ permission: permissionWords[role], role_name: role, user });
}

function readRules(call: Call): Reply {
  const rulesets = protectionsOf(call.repository, param(call, 'branch')).filter(rules => !rules.classic);
  return paginated(
    call,
    rulesets.flatMap(rules => renderRules(call.repository, rules)),
    rule => rule,
  );
}

function readRuleset(call: Call): Reply {
  const ruleset = renderRuleset(call.repository, Number(param(call, 'ruleset_id')));
  if (ruleset === undefined) throw notFound();
  return ok(ruleset);
}

function readProtection(call: Call): Reply {
  const branch = param(call, 'branch');
  const protection = call.repository.protections.get(branch);
  if (protection?.classic !== true) throw new ApiError(404, 'Branch not protected');
  return ok(renderProtection(`${repositoryApi(call.world, call.repository)}/branches/${branch}`, protection));
}
