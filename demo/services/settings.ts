/** The settings of the demo's services, from environment variables. Each secret can be a file, as in production. */
import { z } from 'zod';
import type { Environment } from '../../src/config/environment.ts';
import { SettingsError } from '../../src/config/settings-error.ts';
import { listenAddress } from '../../src/config/listen-address.ts';
import { withSecretFiles } from '../../src/config/secret-files.ts';

const SECRETS = [
  'DEMO_BOT_TOKEN',
  'DEMO_READER_TOKEN',
  'DEMO_PERSON_TOKEN',
  'DEMO_WEBHOOK_SECRET',
  'DEMO_MODEL_KEY',
] as const;

const secret = z.string().min(16);
const url = z.url({ protocol: /^http$/ });

/** What all of them have. */
const common = { SIGNALBOX_HEALTH_LISTEN: listenAddress.optional() };

export const githubSchema = z.object({
  ...common,
  DEMO_GITHUB_LISTEN: listenAddress,
  /** As the other services reach it: clone URLs begin with it. */
  DEMO_GITHUB_URL: url,
  /** Emptied at the start. */
  DEMO_DATA_DIR: z.string().startsWith('/'),
  DEMO_WEBHOOK_URL: url,
  DEMO_WEBHOOK_SECRET: secret,
  DEMO_BOT_TOKEN: secret,
  DEMO_READER_TOKEN: secret,
  DEMO_PERSON_TOKEN: secret,
});

export const modelSchema = z.object({
  ...common,
  DEMO_MODEL_LISTEN: listenAddress,
  DEMO_MODEL_KEY: secret,
});

export const peopleSchema = z.object({
  ...common,
  GITHUB_API_URL: url,
  DEMO_PERSON_TOKEN: secret,
  DEMO_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(3_600).default(300),
});

/** Throws `SettingsError`, which never contains a value. */
export function demoSettings<S extends z.ZodType>(schema: S, environment: Environment): z.infer<S> {
  const values = Object.entries(withSecretFiles(environment, SECRETS)).filter(([, value]) => value !== '');
  const parsed = schema.safeParse(Object.fromEntries(values));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue?.path[0] ?? '');
  throw new SettingsError({ what: `${name}: ${issue?.message ?? 'invalid'}`, fix: `set ${name}` });
}
