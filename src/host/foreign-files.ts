/** Thrown instead of touching files that another user of this host made, or could put in the place of ours. */

export class ForeignFiles extends Error {
  override readonly name = 'ForeignFiles';
  readonly trouble: { readonly what: string; readonly fix: string };
  constructor(what: string, fix: string) {
    super(`${what}. Fix: ${fix}`);
    this.trouble = { what, fix };
  }
}

/** Of this process on the file system; 0 where the system has no user ids. */
export function ownUid(): number {
  return process.getuid?.() ?? 0;
}
