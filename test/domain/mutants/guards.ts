/**
 * The guards of the rules, read from the syntax tree: every place where a rule decides, and every row of a table. A guard
 * is named by its file, the function or the row it stands in, its kind, and its number among its like there: never by the
 * text of the source, so that rewording changes no name.
 */
import ts from 'typescript';
import { type Change, type Kind, KINDS, rowDecides } from './changes.ts';

export interface Guard {
  /** `gate.ts isShut`, `ending.ts ENDING_RULES.patch`: the function, or the row of a table. */
  readonly unit: string;
  /** `gate.ts isShut condition 2`. */
  readonly name: string;
  /** It decides; texts, words and steps on the way are guards where a directed life sees them. */
  readonly decides: boolean;
  readonly changes: readonly Change[];
}

const DECIDING: readonly string[] = ['condition', 'fallback', 'case'] satisfies readonly Kind[];

/** All guards of one source, in its order. */
export function guardsOf(source: ts.SourceFile): readonly Guard[] {
  const guards: Guard[] = [];
  const counts = new Map<string, number>();
  const add = (unit: string, kind: string, changes: readonly Change[]): void => {
    const like = `${source.fileName} ${unit} ${kind}`;
    const count = (counts.get(like) ?? 0) + 1;
    counts.set(like, count);
    guards.push({
      unit: `${source.fileName} ${unit.split('.').slice(0, 2).join('.')}`,
      name: `${like} ${count}`,
      decides: DECIDING.includes(kind) || (kind === 'row' && changes.some(({ node }) => rowDecides(node))),
      changes,
    });
  };
  const visit = (node: ts.Node, outer: string): void => {
    const unit = unitOf(node, outer);
    for (const [kind, changesOf] of Object.entries(KINDS)) {
      const changes = changesOf(node);
      if (changes.length > 0) add(unit, kind, changes);
    }
    ts.forEachChild(node, child => {
      visit(child, unit);
    });
  };
  ts.forEachChild(source, node => {
    visit(node, '');
  });
  return guards;
}

/** A function and a constant of the module start a unit; in a table each row, however deep, is one of its own. */
function unitOf(node: ts.Node, outer: string): string {
  if (isOfModule(node)) return nameOf(node);
  if (!isInTable(node)) return outer;
  return `${outer}.${rowName(node)}`;
}

function isOfModule(node: ts.Node): boolean {
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return ts.isSourceFile(node.parent);
  return ts.isVariableDeclaration(node) && ts.isSourceFile(node.parent.parent.parent);
}

function nameOf(node: ts.Node): string {
  const { name } = node as ts.NamedDeclaration;
  return name?.getText() ?? 'default';
}

/** A row of a constant of the module, or of a row: nothing but literals stands around it. */
function isInTable(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isObjectLiteralExpression(parent) && ts.isPropertyAssignment(node)) return isTable(parent);
  return ts.isArrayLiteralExpression(parent) && isTable(parent);
}

function isTable(literal: ts.Node): boolean {
  let node = literal.parent;
  while (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) node = node.parent;
  return ts.isVariableDeclaration(node) ? isOfModule(node) : isInTable(node);
}

/** By its name where it has one, so that its neighbours may come and go. */
function rowName(node: ts.Node): string {
  if (ts.isPropertyAssignment(node)) return node.name.getText().replaceAll(/['"]/g, '');
  if (ts.isIdentifier(node) || ts.isStringLiteral(node)) return node.text;
  if (!ts.isArrayLiteralExpression(node.parent)) return '';
  return String(node.parent.elements.indexOf(node as ts.Expression) + 1);
}
