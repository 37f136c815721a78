/**
 * All mutants in one source: wherever one changes something, the code asks whether it is the one that is tried now. So the
 * rules are loaded once, and each mutant is switched on.
 */
import ts from 'typescript';
import type { Change } from './changes.ts';

/** The switch, as the instrumented code calls it: a global, so that no source needs an import. */
export const SWITCH = '$isMutant';

export type Numbered = Change & { readonly number: number };

export function instrumented(source: ts.SourceFile, changes: readonly Numbered[]): string {
  const byNode = new Map<ts.Node, Numbered[]>();
  for (const change of changes) byNode.set(change.node, [...(byNode.get(change.node) ?? []), change]);
  const render = (node: ts.Node): string => {
    let at = node.getStart();
    let text = '';
    ts.forEachChild(node, child => {
      text += source.text.slice(at, child.getStart()) + render(child);
      at = child.end;
    });
    return switched(text + source.text.slice(at, node.end), byNode.get(node) ?? []);
  };
  return render(source);
}

/** A change of the node itself is chosen first, then whether the node is there at all. */
function switched(original: string, changes: readonly Numbered[]): string {
  const chosen = changes
    .filter(({ text }) => text !== undefined)
    .reduceRight((rest, { number, text = '' }) => `(${SWITCH}(${number}) ? (${text}) : ${rest})`, original);
  return changes
    .filter(({ text }) => text === undefined)
    .reduce((kept, { number, node }) => leftOut(kept, number, node), chosen);
}

function leftOut(original: string, number: number, node: ts.Node): string {
  const [open, close] = ts.isArrayLiteralExpression(node.parent) ? ['[', ']'] : ['{', '}'];
  return `...(${SWITCH}(${number}) ? ${open}${close} : ${open}${original}${close})`;
}
