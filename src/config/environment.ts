/** The settings of the long-running processes, from environment variables; the only file that has their names. */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { DEFAULT_KIND, KIND_NAMES } from '../box/kinds.ts';
import { type RepositoryRef, parseRepositoryRef } from '../domain/issue-ref.ts';
import { NOTIFY_FORMATS, type NotifySettings } from '../notify/webhook.ts';
import { listenAddress } from './listen-address.ts';
import { SettingsError } from './settings-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type GitHubCredential =
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'app';
      readonly appId: string;
      readonly privateKey: string;
      readonly installationId?: number;
    };

const port = z.coerce.number().int().min(0).max(65_535);
const list = z.string().transform(text =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== ''),
);

const schema = z.object({
  SIGNALBOX_DATA_DIR: z.string().min(1).default('.signalbox/data'),
  /** The artifact store: `file:///path` or `s3://bucket/prefix`; without it a folder of the data directory. */
  SIGNALBOX_ARTIFACTS: z.string().optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,50}$/)
    .default('us-east-1'),
  AWS_ENDPOINT_URL_S3: z.url({ protocol: /^https?$/ }).optional(),
  AWS_ENDPOINT_URL: z.url({ protocol: /^https?$/ }).optional(),
  SIGNALBOX_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Where `/healthz` and `/metrics` are served; without it, nowhere. */
  SIGNALBOX_HEALTH_LISTEN: listenAddress.optional(),
  SIGNALBOX_REPOSITORIES: list.default([]),
  SIGNALBOX_SCAN_SECONDS: z.coerce.number().int().min(5).max(86_400).default(60),
  /** The time that running work has to finish when a worker must stop: seconds on a desktop, an hour in production. */
  SIGNALBOX_SHUTDOWN_GRACE_SECONDS: z.coerce.number().int().min(0).max(86_400).default(2),
  /** Schedulers with the same name share issues. It cannot contain a dot or a colon, which separate it from the build id. */
  SIGNALBOX_DEPLOYMENT: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/)
    .default('signalbox'),
  /** Whether a starting scheduler makes its workflow code current, or a person does it by hand. */
  SIGNALBOX_ROLLOUT: z.enum(['at-start', 'by-hand']).default('at-start'),
  SIGNALBOX_RUNNER_SLOTS: z.coerce.number().int().min(1).max(100).default(1),
  /** The kind of box that contains the agent. */
  SIGNALBOX_BOX: z.enum(KIND_NAMES).default(DEFAULT_KIND),
  SIGNALBOX_BOX_IMAGE: z
    .string()
    .regex(/^[a-z0-9][\w./:@-]*$/)
    .optional(),
  SIGNALBOX_BOX_ENGINE: z.enum(['docker', 'podman']).optional(),
  /** The bubblewrap to use instead of the system's or Codex's. */
  SIGNALBOX_BUBBLEWRAP: z.string().startsWith('/').optional(),
  /** `false`: a runner whose box fails a probe works anyway, and every run reports it. */
  SIGNALBOX_BOX_STRICT: z
    .enum(['true', 'false'])
    .default('true')
    .transform(text => text === 'true'),
  SIGNALBOX_MODEL_GATEWAY_DIR: z.string().startsWith('/').max(80).optional(),
  /** The user's private folder for sockets, which the login or the service manager makes. */
  XDG_RUNTIME_DIR: z.string().startsWith('/').optional(),
  /** JSON: {"name":…,"command":…,"args":[…],"readOnlyMounts":[{"from":…,"to":…}],"needsModel":true} */
  SIGNALBOX_AGENT_COMMAND: z.string().optional(),
  /** Hosts with private addresses that set-ups can reach if the policy names them too; `host` or `host:port`. */
  SIGNALBOX_SETUP_PRIVATE_HOSTS: list.default([]),
  /** The proxy that set-ups go out through, where the runner has no way out. */
  SIGNALBOX_SETUP_PROXY: z.url({ protocol: /^http$/ }).optional(),
  SIGNALBOX_EGRESS_LISTEN: listenAddress.optional(),
  /** The hosts that the egress proxy connects to; `host`, `host:port` or `.domain`. */
  SIGNALBOX_EGRESS_HOSTS: list.default([]),
  /** A token that only reads source; between a source relay and its runners, the password. */
  SIGNALBOX_SOURCE_TOKEN: z.string().min(1).optional(),
  /** The base URL of `<owner>/<repo>.git` instead of GitHub's; the runner sends the source token as its password. */
  SIGNALBOX_SOURCE_URL: z.url({ protocol: /^https?$/ }).optional(),
  SIGNALBOX_SOURCE_LISTEN: listenAddress.optional(),
  SIGNALBOX_WEBHOOK_SECRET: list.default([]),
  /** Where calls of people are posted too. Whoever has the URL can post there, so it is a secret. */
  SIGNALBOX_NOTIFY_URL: z.url({ protocol: /^https?$/ }).optional(),
  SIGNALBOX_NOTIFY_SECRET: z.string().min(1).optional(),
  SIGNALBOX_NOTIFY_FORMAT: z.enum(NOTIFY_FORMATS).optional(),
  SIGNALBOX_GATEWAY_HOST: z.string().default('127.0.0.1'),
  SIGNALBOX_GATEWAY_PORT: port.default(8780),
  /** Whose commits Signalbox builds. */
  SIGNALBOX_COMMIT_NAME: z
    .string()
    .regex(/^[^\p{C}<>\s"\\.,;:](?:[^\p{C}<>"\\]{0,98}[^\p{C}<>\s"\\.,;:])?$/u)
    .optional(),
  SIGNALBOX_COMMIT_EMAIL: z
    .string()
    .max(254)
    .regex(/^[\w.+[\]-]+@[\w.-]+$/)
    .optional(),
  /** An Ed25519 private key of OpenSSH without a passphrase: commits are signed with it. */
  SIGNALBOX_SIGNING_KEY: z.string().min(1).optional(),
  GITHUB_API_URL: z.url().default('https://api.github.com'),
  GITHUB_TOKEN: z.string().min(1).optional(),
  GITHUB_APP_ID: z.string().min(1).optional(),
  GITHUB_APP_PRIVATE_KEY: z.string().min(1).optional(),
  GITHUB_APP_INSTALLATION_ID: z.coerce.number().int().positive().optional(),
});

export type ProcessSettings = z.infer<typeof schema> & {
  readonly dataDir: string;
  readonly identity: string;
  /** The variables that the commands of Docker and Podman read. */
  readonly engineEnvironment: Readonly<Record<string, string>>;
  /** The variables that `networkSettings` reads. Secret: a proxy's URL can have a password. */
  readonly networkEnvironment: Readonly<Record<string, string>>;
};

/** Throws `SettingsError`, which never contains the values of variables. */
export function processSettings(environment: Environment): ProcessSettings {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(present);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SettingsError(
      `cannot use the setting ${String(issue?.path[0] ?? '')}: ${issue?.message ?? ''}`,
    );
  }
  return {
    ...parsed.data,
    dataDir: resolve(parsed.data.SIGNALBOX_DATA_DIR),
    identity: `${process.pid}@${hostname()}`,
    engineEnvironment: only(present, READ_BY_ENGINES),
    networkEnvironment: only(present, READ_FOR_NETWORK),
  };
}

const READ_BY_ENGINES = [
  /^(?:PATH|HOME|USER|TMPDIR|DBUS_SESSION_BUS_ADDRESS)$/,
  /^(?:DOCKER|CONTAINERS?|XDG|REGISTRY)_[A-Z_]+$/,
];

const READ_FOR_NETWORK = [/^(?:https?|all|no)_proxy$/i, /^NODE_EXTRA_CA_CERTS$/];

function only(present: Environment, patterns: readonly RegExp[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(present).flatMap(([name, value]) =>
      value !== undefined && patterns.some(pattern => pattern.test(name)) ? [[name, value]] : [],
    ),
  );
}

export function githubCredential(settings: ProcessSettings): GitHubCredential {
  if (settings.GITHUB_APP_ID !== undefined) return appCredential(settings, settings.GITHUB_APP_ID);
  if (settings.GITHUB_TOKEN !== undefined) return { kind: 'token', token: settings.GITHUB_TOKEN };
  throw new SettingsError({
    what: 'no GitHub credential',
    fix: 'set GITHUB_TOKEN, or GITHUB_APP_ID with GITHUB_APP_PRIVATE_KEY_FILE',
  });
}

/** An App's token is restricted to the permissions that it names. */
export type ReadingCredential = GitHubCredential & {
  readonly permissions?: Readonly<Record<string, string>>;
};

/** The runner only reads source. It prefers its own token to the scheduler's. */
export function sourceCredential(settings: ProcessSettings): ReadingCredential {
  if (settings.SIGNALBOX_SOURCE_TOKEN !== undefined)
    return { kind: 'token', token: settings.SIGNALBOX_SOURCE_TOKEN };
  if (settings.SIGNALBOX_SOURCE_URL !== undefined)
    throw new SettingsError({
      what: 'SIGNALBOX_SOURCE_URL is set without SIGNALBOX_SOURCE_TOKEN, and no other credential is sent there',
      fix: 'set both, or neither',
    });
  return readingCredential(settings);
}

/** GitHub's credential for reading source only, as far as it can be restricted: an App's can. */
export function readingCredential(settings: ProcessSettings): ReadingCredential {
  const credential = githubCredential(settings);
  return credential.kind === 'app' ? { ...credential, permissions: { contents: 'read' } } : credential;
}

export function repositories(settings: ProcessSettings): readonly RepositoryRef[] {
  return settings.SIGNALBOX_REPOSITORIES.map(name => {
    const repository = parseRepositoryRef(name);
    if (repository === undefined)
      throw new SettingsError({
        what: `SIGNALBOX_REPOSITORIES: “${name}” is not owner/repo`,
        fix: 'name repositories as owner/a,owner/b',
      });
    return repository;
  });
}

/** Undefined: nobody is told but on GitHub. */
export function notifySettings(settings: ProcessSettings): NotifySettings | undefined {
  const {
    SIGNALBOX_NOTIFY_URL: url,
    SIGNALBOX_NOTIFY_SECRET: secret,
    SIGNALBOX_NOTIFY_FORMAT: format,
  } = settings;
  if (url === undefined) return undefined;
  if (new URL(url).protocol === 'http:' && !isLoopback(new URL(url).hostname))
    throw new SettingsError({
      what: 'SIGNALBOX_NOTIFY_URL would send a secret URL over a network without encryption',
      fix: 'use https, or http to this host only',
    });
  return {
    url,
    ...(secret === undefined ? {} : { secret }),
    ...(format === undefined ? {} : { format }),
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

const commandAgentSchema = z.strictObject({
  name: z.string().min(1).default('command'),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  readOnlyMounts: z
    .array(z.strictObject({ from: z.string().startsWith('/'), to: z.string().startsWith('/') }))
    .default([]),
  needsModel: z.boolean().default(false),
});

export type CommandAgentSettings = z.infer<typeof commandAgentSchema>;

export function commandAgent(settings: ProcessSettings): CommandAgentSettings | undefined {
  const text = settings.SIGNALBOX_AGENT_COMMAND;
  if (text === undefined) return undefined;
  const parsed = commandAgentSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SettingsError(
    `cannot use SIGNALBOX_AGENT_COMMAND: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  );
}

function appCredential(settings: ProcessSettings, appId: string): GitHubCredential {
  const privateKey = settings.GITHUB_APP_PRIVATE_KEY;
  if (privateKey === undefined)
    throw new SettingsError({
      what: 'GITHUB_APP_ID is set without a private key',
      fix: 'set GITHUB_APP_PRIVATE_KEY_FILE too',
    });
  const installationId = settings.GITHUB_APP_INSTALLATION_ID;
  return { kind: 'app', appId, privateKey, ...(installationId === undefined ? {} : { installationId }) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
