/** Creates one branch and one pull request with the missing files, or finds the existing ones. */
import { POLICY_PATH } from '../../../config/policy-file.ts';
import type { RepositoryRef } from '../../../domain/issue-ref.ts';
import type { GitHub } from '../../../github/client.ts';
import { getFile, putFile } from '../../../github/files.ts';
import { createPull, findByHead, type PullSummary } from '../../../github/pulls.ts';
import { createRef, deleteRef, getRef } from '../../../github/refs.ts';
import { CliError, EXIT } from '../exit.ts';
import type { InitPlan, WantedFile } from './plan.ts';

export const INIT_BRANCH = 'signalbox/init';

export interface Proposed {
  readonly number: number;
  readonly url: string;
  readonly did: 'opened' | 'found';
}

/** Finds the open pull request, without a write. */
export async function openProposal(github: GitHub, repository: RepositoryRef): Promise<Proposed | undefined> {
  const found = await findByHead(github, { ...repository, branch: INIT_BRANCH });
  const open = found.find(({ state }) => state === 'open');
  return open && { number: open.number, url: open.htmlUrl, did: 'found' };
}

export async function propose(github: GitHub, repository: RepositoryRef, plan: InitPlan): Promise<Proposed> {
  const earlier = await findByHead(github, { ...repository, branch: INIT_BRANCH });
  const open = earlier.find(({ state }) => state === 'open');
  if (open === undefined) await freshBranch(github, repository, { plan, latest: earlier[0] });
  for (const file of plan.files) await writeFile(github, repository, file);
  if (open !== undefined) return { number: open.number, url: open.htmlUrl, did: 'found' };
  return await openPull(github, repository, plan);
}

interface Before {
  readonly plan: InitPlan;
  readonly latest: PullSummary | undefined;
}

/** Replaces the branch of a merged pull request; refuses to reopen one that a person closed. */
async function freshBranch(
  github: GitHub,
  repository: RepositoryRef,
  { plan, latest }: Before,
): Promise<void> {
  const at = { ...repository, branch: INIT_BRANCH };
  const isThere = (await getRef(github, at)) !== undefined;
  if (isThere && latest?.merged === true) await deleteRef(github, at);
  else if (isThere && latest !== undefined)
    throw new CliError(EXIT.no, {
      what: `pull request #${latest.number} with these files was closed`,
      fix: `reopen it, or delete the branch ${INIT_BRANCH} to get a new one`,
    });
  // A branch without a pull request was left by an interrupted init; continue with it.
  if (!isThere || latest?.merged === true) await createRef(github, { ...at, sha: plan.head });
}

/** Keeps people's changes on the branch. */
async function writeFile(github: GitHub, repository: RepositoryRef, file: WantedFile): Promise<void> {
  const at = { ...repository, path: file.path, branch: INIT_BRANCH };
  const present = await getFile(github, at);
  if (present !== undefined && file.isFine(present.text)) return;
  const over = present === undefined ? {} : { over: present.sha };
  await putFile(github, { ...at, text: file.text, message: `Add ${file.why}`, ...over });
}

async function openPull(github: GitHub, repository: RepositoryRef, plan: InitPlan): Promise<Proposed> {
  const answer = await createPull(github, {
    ...repository,
    head: INIT_BRANCH,
    base: plan.defaultBranch,
    title: 'Set up Signalbox',
    body: bodyOf(plan),
  });
  if (answer.kind === 'created')
    return { number: answer.pull.number, url: answer.pull.htmlUrl, did: 'opened' };
  const found = await openProposal(github, repository);
  if (found === undefined)
    throw new CliError(EXIT.conflict, {
      what: 'GitHub says that the pull request exists, but does not list it',
      fix: 'retry',
    });
  return found;
}

function bodyOf({ files, kept, headings }: InitPlan): string {
  return [
    'Signalbox works on issues that a maintainer opts in with a label. This pull request adds the files that it reads:',
    '',
    ...files.map(({ path, why }) => `- \`${path}\`: ${why}`),
    ...kept.map(path => `- \`${path}\` exists and is unchanged`),
    '',
    'Before you merge, review the verification commands, the allowed paths and the owners in the policy.',
    ...(headings.length === 0 || kept.includes(POLICY_PATH)
      ? []
      : ['`contract.headings` in it is a proposal from the words of your issue templates: check each line.']),
    'Signalbox does nothing to an issue until it has the opt-in label.',
  ].join('\n');
}
