/** The token of a run in what the run leaves behind: never kept, never shown, never part of a change. */

/** Takes it out of text, whatever the agent prints. A run without a model has none, which is the empty text. */
export function withoutToken(token: string): (text: string) => string {
  return text => (token === '' ? text : text.replaceAll(token, '[the run’s token]'));
}

export function holdsToken(bytes: Buffer, token: string): boolean {
  return token !== '' && bytes.includes(token);
}
