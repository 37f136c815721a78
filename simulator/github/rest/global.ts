/** REST without a repository: users, the rate limit, and App installation tokens. */
import { createVerify } from 'node:crypto';
import type { Credential, Json, Permissions } from '../model.ts';
import { accountOf, fullName, isoSeconds, type AppConfig, type World } from '../world.ts';
import { renderProfile } from '../render/account.ts';
import { renderRepository } from '../render/repository.ts';
import { ApiError, notFound, unprocessable } from '../http/errors.ts';
import { created, ok, param, textList, type GlobalCall, type Reply } from '../http/exchange.ts';
import { globalRoute, type Route } from '../http/route.ts';

const TOKEN_LIFE_MS = 3_600_000;
const CLOCK_SKEW_SECONDS = 60;
const jwtLifeSecondsMax = 600 + CLOCK_SKEW_SECONDS;

export const globalRoutes = (): Route[] => [
  globalRoute('GET /user', readSelf),
  globalRoute('GET /users/{username}', readUser),
  globalRoute('GET /users/{username}/ssh_signing_keys', readSigningKeys),
  globalRoute('GET /rate_limit', readRateLimit),
  globalRoute('POST /app/installations/{installation_id}/access_tokens', createInstallationToken),
];

function readSelf(call: GlobalCall): Reply {
  if (call.actor === null) throw new ApiError(401, 'Requires authentication');
  return ok(renderProfile(call.world, call.actor));
}

function readUser(call: GlobalCall): Reply {
  const account = call.world.accounts.get(param(call, 'username').toLowerCase());
  if (account === undefined) throw notFound();
  return ok(renderProfile(call.world, account));
}

function readSigningKeys(call: GlobalCall): Reply {
  const login = param(call, 'username').toLowerCase();
  if (!call.world.accounts.has(login)) throw notFound();
  const keys = call.world.signingKeys.get(login) ?? [];
  return ok(keys.map(({ id, title, key, createdAt }) => ({ id, title, key, created_at: createdAt })));
}

function readRateLimit(call: GlobalCall): Reply {
  const core = call.rate.view();
  return ok({ resources: { core, search: core, graphql: core }, rate: core });
}

/** Checks the RS256 JWT as GitHub does: signature, issuer, and at most ten minutes of life. */
function requireApp(world: World, authorization: string): AppConfig {
  const claims = world.app === undefined ? undefined : verifiedClaims(world.app, authorization);
  if (world.app === undefined || claims === undefined)
    throw unauthorized('A JSON web token could not be decoded');
  const { iss, exp, iat } = claims;
  const nowSeconds = world.now() / 1000;
  if (String(iss) !== String(world.app.id)) throw unauthorized("'Issuer' claim ('iss') must be an Integer");
  if (typeof exp !== 'number' || exp < nowSeconds || exp > nowSeconds + jwtLifeSecondsMax) {
    throw unauthorized(
      "'Expiration time' claim ('exp') must be in the future and no more than 10 minutes away",
    );
  }
  if (typeof iat !== 'number' || iat > nowSeconds + CLOCK_SKEW_SECONDS)
    throw unauthorized("'Issued at' claim ('iat') is wrong");
  return world.app;
}

const unauthorized = (message: string): ApiError => new ApiError(401, message);

function verifiedClaims(app: AppConfig, authorization: string): Json | undefined {
  const [head = '', claims = '', signature = ''] = authorization.replace(/^bearer /i, '').split('.');
  const verifier = createVerify('RSA-SHA256').update(`${head}.${claims}`);
  if (!verifier.verify(app.publicKeyPem, signature, 'base64url')) return undefined;
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Json;
}

function createInstallationToken(call: GlobalCall): Reply {
  const app = requireApp(call.world, call.authorization);
  if (Number(param(call, 'installation_id')) !== app.installationId) throw notFound();
  const asked = call.body.permissions as Permissions | undefined;
  const permissions = asked ?? app.permissions;
  if (!within(permissions, app.permissions)) {
    throw unprocessable('The permissions requested are not granted to this installation.');
  }
  const names = textList(call.body, 'repositories');
  const selected = names === undefined ? undefined : selectRepositories(call.world, names);
  const token = `ghs_${call.world.random.hex(36)}`;
  const expiresAtMs = call.world.now() + TOKEN_LIFE_MS;
  const account = accountOf(call.world, `${app.slug}[bot]`, 'Bot');
  const scope = selected === undefined ? {} : { repositories: selected.map(fullName) };
  const credential: Credential = { account, permissions, expiresAtMs, installation: true, ...scope };
  call.world.tokens.set(token, credential);
  const answer: Json = { token, expires_at: isoSeconds(expiresAtMs), permissions };
  if (selected === undefined) return created({ ...answer, repository_selection: 'all' });
  const repositories = selected.map(repository => renderRepository(call.world, repository));
  return created({ ...answer, repository_selection: 'selected', repositories });
}

const levels = ['read', 'write', 'admin'];

const within = (asked: Permissions, granted: Permissions): boolean =>
  Object.entries(asked).every(
    ([name, level]) => levels.indexOf(level) <= levels.indexOf(granted[name] ?? ''),
  );

function selectRepositories(world: World, names: readonly string[]): World['repositories'] {
  const found = world.repositories.filter(repository => names.includes(repository.name));
  if (found.length !== names.length) {
    throw unprocessable(
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  return found;
}
