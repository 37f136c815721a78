/** Formulas in running text, as GitHub finds them: between one or two dollars. */
import { hiddenInFormula } from './drawn-code.ts';
import type { TokenPlace } from './markup.ts';

export interface HiddenFormula extends TokenPlace {
  readonly text: string;
}

/** The formulas that do not show all they say. Code must be blanked out. */
export function hiddenFormulas(text: string): readonly HiddenFormula[] {
  const found: HiddenFormula[] = [];
  const closings = nextClosings(text);
  for (let at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
    const formula = formulaAt(text, at, closings);
    if (formula === undefined) continue;
    if (hiddenInFormula(formula.text).length > 0) found.push(formula);
    at = formula.end - 1;
  }
  return found;
}

function formulaAt(
  text: string,
  start: number,
  closings: ReadonlyMap<number, number>,
): HiddenFormula | undefined {
  if (text.startsWith('$$', start)) {
    const close = text.indexOf('$$', start + 2);
    return close < 0 ? undefined : { start, end: close + 2, text: text.slice(start + 2, close) };
  }
  const opens = /^$|[\s([{"'>|*_~\\]/.test(text.charAt(start - 1)) && /\S/.test(text.charAt(start + 1));
  const close = opens ? closings.get(start) : undefined;
  return close === undefined ? undefined : { start, end: close + 1, text: text.slice(start + 1, close) };
}

/** For each dollar the next one after it that can end a formula. Found from the end, so each is looked at once. */
function nextClosings(text: string): ReadonlyMap<number, number> {
  const next = new Map<number, number>();
  let closing: number | undefined;
  for (let at = text.lastIndexOf('$'); at >= 0; at = at === 0 ? -1 : text.lastIndexOf('$', at - 1)) {
    if (closing !== undefined) next.set(at, closing);
    if (/\S/.test(text.charAt(at - 1)) && !/[A-Za-z0-9]/.test(text.charAt(at + 1))) closing = at;
  }
  return next;
}
