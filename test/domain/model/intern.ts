/** A short name for a value, equal for equal values. Shared parts are named once, which keeps the search fast. */
const names = new Map<string, number>();
const known = new WeakMap<object, string>();

export function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null)
    return value === undefined ? 'null' : JSON.stringify(value);
  const before = known.get(value);
  if (before !== undefined) return before;
  const name = `#${numberOf(Array.isArray(value) ? listOf(value) : membersOf(value))}`;
  known.set(value, name);
  return name;
}

function listOf(values: readonly unknown[]): string {
  return `[${values.map(nameOf).join()}]`;
}

function membersOf(value: object): string {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${key}:${nameOf(member)}`)
    .join()}}`;
}

function numberOf(text: string): number {
  const number = names.get(text) ?? names.size;
  names.set(text, number);
  return number;
}
