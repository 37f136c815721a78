/** Quotes words for a POSIX shell. */

/** Quotes any text as one word. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** For people to read: quotes a word only if it needs quotes. */
export function readableShellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : shellWord(text);
}
