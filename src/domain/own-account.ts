/** One person with one account: what the account of Signalbox writes on GitHub decides nothing, so people are told. */
import type { IssueState } from './state.ts';

/** How one person with one account goes on. */
export const OTHER_WAYS =
  'Decide with another account; or run Signalbox as a GitHub App or as a second account; or set decisions.sources: [temporal] in the policy and use the CLI.';

/** The first thing that a maintainer tries would be ignored. */
export function ownAccountLines({ ownLogin, subject, policy }: IssueState): readonly string[] {
  const opener = subject?.optIn?.by.login;
  const isAlone = ownLogin !== undefined && opener?.toLowerCase() === ownLogin.toLowerCase();
  if (!isAlone || policy?.decisions.sources.includes('github') !== true) return [];
  return [
    `Signalbox runs as ${ownLogin}, who also opted this issue in. What this account writes on GitHub decides nothing. ${OTHER_WAYS}`,
  ];
}
