/** References of images, as `name:tag`. */

export interface Reference {
  readonly name: string;
  readonly tag: string;
}

export function parseReference(reference: string): Reference {
  const colon = reference.lastIndexOf(':');
  if (colon < 0 || reference.includes('@') || reference.indexOf('/', colon) >= 0)
    throw new Error(`${reference} names no tag`);
  return { name: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

/** The version in a tag such as `1.31.2`, `v1.8.0`, `24-bookworm-slim` or `18`. */
export function versionOf(tag: string): string {
  const version = /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
  if (version === undefined) throw new Error(`the tag ${tag} names no version`);
  return version;
}

export function majorOf(tag: string): string {
  return versionOf(tag).replace(/\..*/, '');
}
