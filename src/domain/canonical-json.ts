/** One spelling for one value: JSON with sorted keys, so that equal values have equal digests on every host. */

/** `undefined` members are left out, as in JSON. Throws on values that JSON cannot hold. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('JSON cannot hold this number');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = value as Readonly<Record<string, unknown>>;
  const texts = Object.keys(members)
    .sort()
    .filter(key => members[key] !== undefined)
    .map(key => `${JSON.stringify(key)}:${canonicalJson(members[key])}`);
  return `{${texts.join(',')}}`;
}
