/** Durations in YAML and flags: `90s`, `30m`, `2h`, `3d`, `500ms`. */

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
export const DURATION_FORM = /^(\d{1,9})(ms|s|m|h|d)$/;

/** Returns milliseconds, or `undefined` when the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = DURATION_FORM.exec(text) ?? [];
  if (amount === undefined) return undefined;
  return Number(amount) * UNITS_MS[unit as keyof typeof UNITS_MS];
}
