/**
 * Which service gets which secret that the stack makes for itself. Each service has a volume of its own with exactly its
 * files; only `setup` also has the volume with all of them.
 */

export interface MadeSecret {
  /** What its reader expects it to begin with. */
  readonly prefix?: string;
  /** The services that get it. */
  readonly to: readonly string[];
}

export const SECRETS = {
  'database-admin-password': { to: ['postgresql'] },
  'database-password': { to: ['postgresql', 'temporal'] },
  'store-root-secret': { to: ['artifact-store'] },
  'store-scheduler-secret': { to: ['scheduler'] },
  'store-runner-secret': { to: ['runner'] },
  'store-reader-secret': { to: [] },
  'source-token': { to: ['runner', 'source-relay'] },
  'webhook-secret': { to: ['gateway'] },
  'demo-store-scheduler-secret': { to: ['demo-scheduler'] },
  'demo-store-runner-secret': { to: ['demo-runner'] },
  'demo-store-reader-secret': { to: [] },
  'demo-source-token': { to: ['demo-runner', 'demo-source-relay'] },
  'demo-webhook-secret': { to: ['demo-gateway', 'demo-github'] },
  'demo-bot-token': { prefix: 'ghp_', to: ['demo-scheduler', 'demo-github'] },
  'demo-reader-token': { prefix: 'ghp_', to: ['demo-source-relay', 'demo-github'] },
  'demo-person-token': { prefix: 'ghp_', to: ['demo-github', 'demo-people'] },
  'demo-model-key': { to: ['demo-model', 'demo-model-gateway'] },
} as const satisfies Readonly<Record<string, MadeSecret>>;

export type SecretName = keyof typeof SECRETS;

/** The values by name. */
export type Secrets = Readonly<Record<SecretName, string>>;

export const SECRET_NAMES = Object.keys(SECRETS) as SecretName[];

/** These get a file that is made from secrets: the accounts of the artifact store, the settings of the CLI. */
const MADE_FOR = ['artifact-store', 'cli-settings', 'demo-cli-settings'];

export const RECIPIENTS: readonly string[] = [
  ...new Set([...Object.values(SECRETS).flatMap(({ to }) => to), ...MADE_FOR]),
];

export function secretsOf(recipient: string): readonly SecretName[] {
  return SECRET_NAMES.filter(name => (SECRETS[name].to as readonly string[]).includes(recipient));
}
