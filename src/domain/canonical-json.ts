/** Canonical JSON: keys are sorted, so that equal values have equal digests on every host. */

/** Omits `undefined` members, as JSON does. Throws on values that JSON cannot represent. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error('JSON cannot represent this number');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = value as Readonly<Record<string, unknown>>;
  const texts = Object.keys(members)
    .sort()
    .filter(key => members[key] !== undefined)
    .map(key => `${JSON.stringify(key)}:${canonicalJson(members[key])}`);
  return `{${texts.join(',')}}`;
}
