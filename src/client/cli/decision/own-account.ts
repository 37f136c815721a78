/** Refuses to post a decision that nobody would read as one. */
import { sameLogin } from '../../../github/actor.ts';
import type { IssueView } from '../../../domain/view.ts';
import { CliError, EXIT } from '../exit.ts';

/** What the scheduler's own account writes is not read as a decision. */
export function refuseOwnAccount(login: string, view: Pick<IssueView, 'ownLogin'> | undefined): void {
  if (view?.ownLogin === undefined || !sameLogin(login, view.ownLogin)) return;
  throw new CliError(EXIT.no, {
    what: `a comment as ${login} would decide nothing: Signalbox runs as this account`,
    fix: 'set GITHUB_TOKEN to the token of another account; or set decisions.sources: [temporal] in the policy and use --via temporal',
  });
}
