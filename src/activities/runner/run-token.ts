/** Keeps the run's token out of everything that a run leaves: transcript, output and change. */

/** Returns a function that redacts the token. A run without a model has the empty text as its token. */
export function withoutToken(token: string): (text: string) => string {
  return text => (token === '' ? text : text.replaceAll(token, '[the run’s token]'));
}

export function holdsToken(bytes: Buffer, token: string): boolean {
  return token !== '' && bytes.includes(token);
}
