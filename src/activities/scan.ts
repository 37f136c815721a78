/** One look over a repository: a conditional list request, which costs nothing while nothing changes. */
import type { FoundIssue, ScanActivities } from '../contracts/activities.ts';
import { type StarterPorts, createStarter } from './starter.ts';
import { isRepeated } from '../contracts/retries.ts';
import { parsePolicyFile, POLICY_PATH } from '../config/policy-file.ts';
import { digestOf } from '../domain/digest.ts';
import { repositoryName, type RepositoryRef } from '../domain/issue-ref.ts';
import type { GitHub } from '../github/client.ts';
import type { Issue } from '../github/issues.ts';
import { listOptedIn } from '../github/opted-in.ts';
import { getContents, getRepository } from '../github/repository.ts';
import { effect } from './effect.ts';
import { RecentMap } from './recent-map.ts';
import { PermanentFailure } from './effect-failure.ts';

/** What the last scan of a repository saw; lost with the process, which only costs one full answer. */
interface Seen {
  readonly label: string;
  readonly etag?: string;
  readonly scans: number;
}

/** The label may change with the policy, and an ETag hides a label taken off far down: every so often all is asked anew. */
const FULL_SCAN_EVERY = 20;

/** Whose last scan is remembered. */
const REPOSITORIES_MAX = 1_000;

export function scanActivities(ports: StarterPorts): ScanActivities {
  const seen = new RecentMap<string, Seen>(REPOSITORIES_MAX);
  const start = createStarter(ports);
  return {
    scanRepository: effect(async ({ repository }, attempt) => {
      const known = seen.get(repositoryName(repository));
      // What an attempt saw whose answer got lost was never told.
      const full = known === undefined || isRepeated(attempt) || known.scans >= FULL_SCAN_EVERY;
      const label = full ? await optInLabel(ports.github, repository) : known.label;
      const condition = full || known.etag === undefined ? {} : { etag: known.etag };
      const answer = await listOptedIn(ports.github, { ...repository, label, ...condition });
      const scans = full ? 1 : known.scans + 1;
      if (answer.kind === 'not-modified') {
        if (known !== undefined) seen.set(repositoryName(repository), { ...known, scans });
        return { label, full, issues: [] };
      }
      seen.set(repositoryName(repository), {
        label,
        scans,
        ...(answer.etag === undefined ? {} : { etag: answer.etag }),
      });
      return { label, full, issues: answer.issues.map(foundIssue) };
    }),
    startIssues: effect(async ({ repository, label, full, issues }) => {
      let started = full ? await ports.lives.wakeInMotion(repository) : 0;
      for (const found of issues) if (await start({ repository, label, found })) started += 1;
      return { started };
    }),
  };
}

/** GitHub tells the time of a change in whole seconds, and a scan may come between two changes of one second. */
function foundIssue({ number, updatedAt, state, title, body, labels, comments }: Issue): FoundIssue {
  const digest = digestOf({ updatedAt, state, title, body, labels, comments });
  return { number, digest, hasComments: comments > 0 };
}

async function optInLabel(github: GitHub, repository: RepositoryRef): Promise<string> {
  const { defaultBranch } = await getRepository(github, repository);
  const text = await getContents(github, { ...repository, path: POLICY_PATH, ref: defaultBranch });
  if (text === undefined)
    throw new PermanentFailure('PolicyMissing', `${repositoryName(repository)} has no ${POLICY_PATH}`);
  const reading = parsePolicyFile(text);
  if ('problems' in reading)
    throw new PermanentFailure(
      'PolicyInvalid',
      `${POLICY_PATH} of ${repositoryName(repository)} cannot be used`,
    );
  return reading.policy.optIn.label;
}
