/** Who may do what in the artifact store: one bucket for real issues, one for the demo, three accounts each. */
import type { Secrets } from './recipients.ts';

interface Account {
  readonly access: string;
  readonly secret: (secrets: Secrets) => string;
  readonly bucket: string;
  readonly may: Rights;
}

/** S3's actions by what the keys begin with. */
type Rights = Readonly<Record<string, readonly string[]>>;

export const BUCKETS = ['signalbox', 'signalbox-demo'] as const;

const READ = ['s3:GetObject'];
const ADD = [...READ, 's3:PutObject'];
/** `artifacts prune` and the notes of what is kept. */
const KEEP = [...ADD, 's3:DeleteObject'];
const LOOK = ['s3:ListBucket', 's3:GetBucketLocation'];

const SCHEDULER: Rights = { '': KEEP };
/** Only artifacts: a note below `scheduler/` would make a scheduler run what the runner stored (docs/artifacts.md). */
const RUNNER: Rights = { 'sha256/': ADD, 'trash/': READ, 'scheduler/': READ };
const READER: Rights = { '': READ };

export const ACCOUNTS: readonly Account[] = [
  { access: 'scheduler', secret: all => all['store-scheduler-secret'], bucket: BUCKETS[0], may: SCHEDULER },
  { access: 'runner', secret: all => all['store-runner-secret'], bucket: BUCKETS[0], may: RUNNER },
  { access: 'reader', secret: all => all['store-reader-secret'], bucket: BUCKETS[0], may: READER },
  {
    access: 'demo-scheduler',
    secret: all => all['demo-store-scheduler-secret'],
    bucket: BUCKETS[1],
    may: SCHEDULER,
  },
  { access: 'demo-runner', secret: all => all['demo-store-runner-secret'], bucket: BUCKETS[1], may: RUNNER },
  { access: 'demo-reader', secret: all => all['demo-store-reader-secret'], bucket: BUCKETS[1], may: READER },
];

/** The file in which versitygw keeps its accounts. */
export function storeAccounts(secrets: Secrets): string {
  const accounts = ACCOUNTS.map(({ access, secret }) => [
    access,
    { access, secret: secret(secrets), role: 'user', userID: 0, groupID: 0, projectID: 0 },
  ]);
  return JSON.stringify({ accessAccounts: Object.fromEntries(accounts) as unknown });
}

export function bucketPolicy(bucket: string): string {
  const statements = ACCOUNTS.filter(account => account.bucket === bucket).flatMap(({ access, may }) => {
    const allowed = { Effect: 'Allow', Principal: { AWS: [access] } };
    const objects = Object.entries(may).map(([under, actions]) => ({
      ...allowed,
      Action: actions,
      Resource: `arn:aws:s3:::${bucket}/${under}*`,
    }));
    return [...objects, { ...allowed, Action: LOOK, Resource: `arn:aws:s3:::${bucket}` }];
  });
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
