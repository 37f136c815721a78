/** The settings of the CLI on the host, as lines for a shell: addresses on loopback, and an account that only reads. */
import type { Secrets } from './recipients.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** By service that prints them. `environment` has the ports. */
export function cliSettings(secrets: Secrets, environment: Environment): Readonly<Record<string, string>> {
  const at = (name: string): string => `127.0.0.1:${environment[name] ?? ''}`;
  const addresses = {
    TEMPORAL_ADDRESS: at('TEMPORAL_PORT'),
    AWS_ENDPOINT_URL_S3: `http://${at('ARTIFACT_STORE_PORT')}`,
  };
  return {
    'cli-settings': exported({
      ...addresses,
      TEMPORAL_NAMESPACE: 'signalbox',
      SIGNALBOX_ARTIFACTS: 's3://signalbox',
      AWS_ACCESS_KEY_ID: 'reader',
      AWS_SECRET_ACCESS_KEY: secrets['store-reader-secret'],
    }),
    'demo-cli-settings': exported({
      ...addresses,
      TEMPORAL_NAMESPACE: 'signalbox-demo',
      SIGNALBOX_ARTIFACTS: 's3://signalbox-demo',
      AWS_ACCESS_KEY_ID: 'demo-reader',
      AWS_SECRET_ACCESS_KEY: secrets['demo-store-reader-secret'],
      GITHUB_API_URL: `http://${at('DEMO_GITHUB_PORT')}/api/v3`,
      GITHUB_TOKEN: secrets['demo-person-token'],
    }),
  };
}

/** No value has a character with a meaning for a shell. */
function exported(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `export ${name}=${value}\n`)
    .join('');
}
