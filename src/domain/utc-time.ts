/** Times for people: everyone who reads an issue may live in another zone. */

/** `2026-11-30 14:05 UTC`. `at`: epoch milliseconds. */
export function utcTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
