/** Scans one repository with a conditional list request, which costs no rate limit while nothing changes. */
import type { FoundIssue, ScanActivities } from '../contracts/activities.ts';
import { type StarterPorts, createStarter } from './starter.ts';
import { isRepeated } from '../contracts/retries.ts';
import { parsePolicyFile, POLICY_PATH } from '../config/policy-file.ts';
import { digestOf } from '../domain/digest.ts';
import { issueName, type IssueRef, repositoryName, type RepositoryRef } from '../domain/issue-ref.ts';
import type { GitHub } from '../github/client.ts';
import { isFailure } from '../github/failure.ts';
import type { Issue } from '../github/issues.ts';
import { listOptedIn } from '../github/opted-in.ts';
import { getContents } from '../github/repository.ts';
import { readDefaultBranch } from './default-branch.ts';
import { effect } from './effect.ts';
import { RecentMap } from './recent-map.ts';
import { PermanentFailure } from './effect-failure.ts';

/** What the last scan of a repository saw. Lost when the process ends; the next scan is then a full one. */
interface Seen {
  readonly label: string;
  readonly etag?: string;
  readonly scans: number;
}

/** A scan in this many is full: the policy may name another label, and the ETag does not cover labels removed far down the list. */
const FULL_SCAN_EVERY = 20;

/** Repositories whose last scan is remembered. */
const REPOSITORIES_MAX = 1_000;

export function scanActivities(ports: StarterPorts): ScanActivities {
  const seen = new RecentMap<string, Seen>(REPOSITORIES_MAX);
  const start = createStarter(ports);
  /** What others wrote on one issue does not keep the next one waiting. */
  const unread = (error: unknown, issue: IssueRef): false => {
    if (!isFailure(error, 'too-large', 'too-long')) throw error;
    const name = issueName(issue);
    ports.logger.warn({ issue: name }, `cannot tell whether the issue starts again: ${error.message}`);
    return false;
  };
  return {
    scanRepository: effect(async ({ repository }, attempt) => {
      const known = seen.get(repositoryName(repository));
      // An earlier attempt may have seen changes, but its result was lost.
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
      for (const found of issues) {
        const did = await start({ repository, label, found }).catch((error: unknown) =>
          unread(error, { ...repository, number: found.number }),
        );
        if (did) started += 1;
      }
      return { started };
    }),
  };
}

/** `updatedAt` alone is not enough: it has whole seconds, and a scan may run between two changes of one second. */
function foundIssue({ milestone, ...issue }: Issue): FoundIssue {
  const { number, updatedAt, state, title, body, labels, comments } = issue;
  const inMilestone = milestone === undefined ? {} : { milestone };
  const digest = digestOf({ updatedAt, state, title, body, labels, comments, ...inMilestone });
  return { number, digest, hasComments: comments > 0 };
}

async function optInLabel(github: GitHub, repository: RepositoryRef): Promise<string> {
  const { head } = (await readDefaultBranch(github, repository)).branch;
  const text = await getContents(github, { ...repository, path: POLICY_PATH, ref: head });
  if (text === undefined)
    throw new PermanentFailure('PolicyMissing', `${repositoryName(repository)} has no ${POLICY_PATH}`);
  const reading = parsePolicyFile(text);
  if ('problems' in reading)
    throw new PermanentFailure(
      'PolicyInvalid',
      `${POLICY_PATH} of ${repositoryName(repository)} is not valid`,
    );
  return reading.policy.optIn.label;
}
