/**
 * All mutants in one source: at each mutated place the code asks a switch which mutant is on. The rules are loaded once.
 */
import ts from 'typescript';
import type { Change } from './changes.ts';

/** The switch is a global, so that no source needs an import. */
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

/** Replacements of the node are inside, its removal is outside. */
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
