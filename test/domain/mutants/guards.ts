/**
 * The guards of the rules, read from the syntax tree: every place where a rule decides, and every row of a table. The name
 * of a guard consists of its file, its function or row, its kind and its number there. It never contains source text, so
 * that rewording changes no name.
 */
import ts from 'typescript';
import { type Change, type Kind, KINDS, rowDecides } from './changes.ts';

export interface Guard {
  /** `gate.ts isShut`, `ending.ts ENDING_RULES.patch`: the function, or the row of a table. */
  readonly unit: string;
  /** `gate.ts isShut condition 2`. */
  readonly name: string;
  /** Texts, words and transformations do not decide; they are guards only if a probe kills them. */
  readonly decides: boolean;
  readonly changes: readonly Change[];
}

const DECIDING: readonly string[] = ['condition', 'fallback', 'case'] satisfies readonly Kind[];

/** All guards of one source, in source order. */
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

/** A module-level function or constant is a unit, and so is each row of a table at any depth. */
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

/** A row of a module-level constant, or of another row, surrounded by literals only. */
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

/** By name if there is one, so that other rows can be added and removed. */
function rowName(node: ts.Node): string {
  if (ts.isPropertyAssignment(node)) return node.name.getText().replaceAll(/['"]/g, '');
  if (ts.isIdentifier(node) || ts.isStringLiteral(node)) return node.text;
  if (!ts.isArrayLiteralExpression(node.parent)) return '';
  return String(node.parent.elements.indexOf(node as ts.Expression) + 1);
}
