/**
 * The guards of the rules, read from their sources: each function that decides something, each row of a table of rules.
 * One that no mutant touches is not known to be guarded by anything.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Mutant } from './mutant.ts';

export const RULES = 'src/domain';
/** Tables of which each row is a guard, wherever the row itself decides. */
const TABLES = [
  'RULES',
  'OUTWARD',
  'KIND_PROBLEM',
  'ISSUE_LIMITS',
  'GATE_RULES',
  'RUNG_RULES',
  'TAKE',
  'ARGUMENTS',
  'BROUGHT_BY',
  'ENDING_RULES',
];

interface Guard {
  readonly name: string;
  readonly node: ts.Node;
}

/** `file: name` of each guard without a mutant. */
export function guardsWithout(mutants: readonly Mutant[]): readonly string[] {
  return rulesFiles().flatMap(file => {
    const text = readFileSync(join(RULES, file), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const spans = mutants
      .filter(mutant => mutant.file === file)
      .map(({ find }) => [text.indexOf(find), text.indexOf(find) + find.length] as const);
    return guardsIn(source)
      .filter(({ node }) => !spans.some(([from, to]) => from < node.end && to > node.getStart()))
      .map(({ name }) => `${file}: ${name}`);
  });
}

export function rulesFiles(): readonly string[] {
  return readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
}

function guardsIn(source: ts.SourceFile): readonly Guard[] {
  return source.statements.flatMap(statement => {
    if (ts.isFunctionDeclaration(statement))
      return decides(statement) ? [{ name: statement.name?.text ?? '', node: statement }] : [];
    return ts.isVariableStatement(statement) ? statement.declarationList.declarations.flatMap(rowsOf) : [];
  });
}

function rowsOf(variable: ts.VariableDeclaration): readonly Guard[] {
  const { name, initializer } = variable;
  const table = name.getText();
  if (initializer === undefined) return [];
  if (!TABLES.includes(table)) return decides(initializer) ? [{ name: table, node: variable }] : [];
  return rows(initializer).map((node, index) => ({
    name: `${table} ${ts.isPropertyAssignment(node) ? node.name.getText() : index + 1}`,
    node,
  }));
}

/** A row that only names a function is judged where that function stands. */
function rows(table: ts.Expression): readonly ts.Node[] {
  if (ts.isArrayLiteralExpression(table)) return table.elements;
  if (!ts.isObjectLiteralExpression(table)) return [];
  return table.properties.filter(row => ts.isPropertyAssignment(row) && decides(row.initializer));
}

function decides(node: ts.Node): boolean {
  const isChoice =
    ts.isIfStatement(node) ||
    ts.isConditionalExpression(node) ||
    ts.isSwitchStatement(node) ||
    (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) ||
    (ts.isBinaryExpression(node) && DECIDING.includes(node.operatorToken.kind));
  return isChoice || (ts.forEachChild(node, child => decides(child) || undefined) ?? false);
}

const DECIDING: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.QuestionQuestionToken,
];
