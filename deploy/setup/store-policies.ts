/** The job `artifact-store-policies`: gives each bucket its policy, with the store's own account. Repeatable. */
import { readFileSync } from 'node:fs';
import { AwsClient } from 'aws4fetch';
import { bucketPolicy, BUCKETS } from './store-accounts.ts';

const STORE = 'http://artifact-store:7070';
const TIMEOUT_MS = 10_000;

const client = new AwsClient({
  accessKeyId: 'root',
  secretAccessKey: readFileSync('/run/signalbox/store-root-secret', 'utf8'),
  service: 's3',
  region: 'us-east-1',
  retries: 0,
});

for (const bucket of BUCKETS) {
  const answer = await client.fetch(`${STORE}/${bucket}?policy`, {
    method: 'PUT',
    body: bucketPolicy(bucket),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!answer.ok) {
    const why = (await answer.text()).slice(0, 500);
    process.stderr.write(`artifact-store-policies: the store refused the policy of ${bucket}: ${why}\n`);
    process.exit(1);
  }
}
process.stdout.write(`artifact-store-policies: ${BUCKETS.join(', ')} have their policies\n`);
