/** References to issues: `owner/repo#12` or a URL. */

export interface RepositoryRef {
  readonly owner: string;
  readonly repo: string;
}

export interface IssueRef extends RepositoryRef {
  readonly number: number;
}

/** GitHub's rules: owners are alphanumeric with inner hyphens (39 characters); repositories also allow dot and underscore (100). */
const OWNER = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})';
const REPO = '[A-Za-z0-9._-]{1,100}';
const SHORT = new RegExp(`^(${OWNER})/(${REPO})#([1-9][0-9]{0,9})$`);
const URL_FORM = new RegExp(`^https?://[^/]+/(${OWNER})/(${REPO})/issues/([1-9][0-9]{0,9})/?(?:[#?].*)?$`);
const REPOSITORY = new RegExp(`^(${OWNER})/(${REPO})$`);

/** The issue; `undefined` when the text is not a reference. */
export function parseIssueRef(text: string): IssueRef | undefined {
  const match = SHORT.exec(text) ?? URL_FORM.exec(text);
  const [, owner, repo, number] = match ?? [];
  if (owner === undefined || repo === undefined || number === undefined) return undefined;
  return { owner, repo, number: Number(number) };
}

export function parseRepositoryRef(text: string): RepositoryRef | undefined {
  const [, owner, repo] = REPOSITORY.exec(text) ?? [];
  return owner === undefined || repo === undefined ? undefined : { owner, repo };
}

export function issueName(issue: IssueRef): string {
  return `${repositoryName(issue)}#${issue.number}`;
}

export function repositoryName(repository: RepositoryRef): string {
  return `${repository.owner}/${repository.repo}`;
}
