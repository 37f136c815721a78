/** A copy without some members, used to remove optional facts. */

export function omit<T extends object, K extends keyof T>(value: T, ...names: readonly K[]): Omit<T, K> {
  const dropped: ReadonlySet<PropertyKey> = new Set(names);
  return Object.fromEntries(Object.entries(value).filter(([name]) => !dropped.has(name))) as Omit<T, K>;
}
