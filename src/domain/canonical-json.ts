/** Canonical JSON: keys are sorted, so that equal values have equal digests on every host. */

/** Omits `undefined` members, as JSON does. Throws on values that JSON cannot represent. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error('JSON cannot represent this number');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  return objectText(value as Readonly<Record<string, unknown>>);
}

/** A loop that appends: it runs for each approval and each step, in the workflow too. */
function objectText(members: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
