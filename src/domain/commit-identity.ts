/** Author and committer of built commits, and the sign-off of the Developer Certificate of Origin. */

export interface CommitIdentity {
  readonly name: string;
  readonly email: string;
}

/** Without other settings. A `.invalid` address cannot belong to an account. */
export const COMMIT_IDENTITY: CommitIdentity = { name: 'Signalbox', email: 'signalbox@noreply.invalid' };

/** The message with the trailer that `git commit --signoff` adds, in a paragraph of its own at its end. */
export function withSignOff(message: string, { name, email }: CommitIdentity): string {
  return `${message.trimEnd()}\n\nSigned-off-by: ${name} <${email}>\n`;
}
