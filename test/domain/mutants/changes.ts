/** The mutations of a node, by its kind of guard: small changes that an invariant should find. */
import ts from 'typescript';
import { BOUNDARIES, isCondition, isYesOrNo } from './conditions.ts';

export interface Change {
  readonly how: string;
  readonly node: ts.Node;
  /** Replaces the node; without a text the node is removed from its list. */
  readonly text?: string;
}

export const KINDS = {
  condition: ofCondition,
  fallback: ofFallback,
  case: ofCase,
  row: ofRow,
  element: ofElement,
  value: ofValue,
  step: ofStep,
  pattern: ofPattern,
} as const satisfies Readonly<Record<string, (node: ts.Node) => readonly Change[]>>;

export type Kind = keyof typeof KINDS;

function ofCondition(node: ts.Node): readonly Change[] {
  if (!isCondition(node)) return [];
  return [{ how: 'true', node, text: 'true' }, { how: 'false', node, text: 'false' }, ...ofBoundary(node)];
}

function ofBoundary(node: ts.Expression): readonly Change[] {
  if (!ts.isBinaryExpression(node)) return [];
  const other = BOUNDARIES.get(node.operatorToken.kind);
  if (other === undefined) return [];
  return [{ how: 'boundary', node, text: `${node.left.getText()} ${other} ${node.right.getText()}` }];
}

function ofFallback(node: ts.Node): readonly Change[] {
  if (!ts.isBinaryExpression(node)) return [];
  const { left, right, operatorToken } = node;
  if (operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken) return [];
  return [
    { how: 'never', node, text: left.getText() },
    { how: 'always', node, text: right.getText() },
  ];
}

function ofCase(node: ts.Node): readonly Change[] {
  if (!ts.isCaseClause(node)) return [];
  return [
    { how: 'never', node: node.expression, text: 'Symbol()' },
    { how: 'always', node: node.expression, text: node.parent.parent.expression.getText() },
  ];
}

/** A row of a module-level table, or a word of a list that the module searches. */
function ofRow(node: ts.Node): readonly Change[] {
  return (isElement(node) && isOfModule(node)) || isAskedWord(node) ? [{ how: 'left out', node }] : [];
}

/** A row can decide if it holds a function, a name or a pattern, or is a word that the module searches for. */
export function rowDecides(row: ts.Node): boolean {
  if (ts.isObjectLiteralExpression(row))
    return row.properties.some(field => !ts.isPropertyAssignment(field) || rowDecides(field.initializer));
  if (ts.isArrayLiteralExpression(row)) return row.elements.some(rowDecides);
  if (ts.isStringLiteral(row)) return isAskedWord(row);
  return ts.isFunctionLike(row) || ts.isRegularExpressionLiteral(row) || ts.isIdentifier(row);
}

function isAskedWord(node: ts.Node): boolean {
  if (!ts.isStringLiteral(node) || !ts.isArrayLiteralExpression(node.parent)) return false;
  const list = around(node.parent);
  if (!ts.isVariableDeclaration(list) || !isOfModule(list)) return false;
  return node.getSourceFile().text.includes(`${list.name.getText()}.includes(`);
}

/** An element of a list that a rule builds: a reason, a line, a record. */
function ofElement(node: ts.Node): readonly Change[] {
  return isElement(node) && !isOfModule(node) ? [{ how: 'left out', node }] : [];
}

/** Not a word in a list of words, and not the target of an assignment. */
function isElement(node: ts.Node): boolean {
  if (ts.isLiteralExpression(node) || ts.isSourceFile(node) || !ts.isArrayLiteralExpression(node.parent))
    return false;
  const list = node.parent;
  return !(ts.isBinaryExpression(list.parent) && list.parent.left === list);
}

function isOfModule(node: ts.Node): boolean {
  return ts.findAncestor(node, ts.isFunctionLike) === undefined;
}

/** A value in a row: a boolean, a word that differs in other rows, or the text of a table of texts. */
function ofValue(node: ts.Node): readonly Change[] {
  if (!ts.isPropertyAssignment(node) || !isOfModule(node)) return [];
  const { initializer: value } = node;
  if (isYesOrNo(value)) return [{ how: 'negated', node: value, text: `!${value.getText()}` }];
  if (!ts.isStringLiteral(value)) return [];
  if (ts.isVariableDeclaration(around(node.parent))) return [{ how: 'empty', node: value, text: "''" }];
  return otherWords(node, value.text).map(word => ({ how: `as ${word}`, node: value, text: `'${word}'` }));
}

function around({ parent }: ts.Node): ts.Node {
  return ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent) ? around(parent) : parent;
}

/** The words that other rows have for this field; none if they hold sentences. */
function otherWords(field: ts.PropertyAssignment, word: string): readonly string[] {
  const rows = rowsAround(field.parent.parent).filter(ts.isObjectLiteralExpression);
  const values = rows
    .flatMap(row => row.properties.filter(ts.isPropertyAssignment))
    .filter(({ name }) => name.getText() === field.name.getText())
    .map(({ initializer }) => (ts.isStringLiteral(initializer) ? initializer.text : ''));
  const words = [...new Set(values)].filter(text => /^[\w-]+$/.test(text));
  return words.includes(word) ? words.filter(text => text !== word).slice(0, WORDS_MAX) : [];
}

const WORDS_MAX = 3;

function rowsAround(node: ts.Node): readonly ts.Expression[] {
  if (ts.isArrayLiteralExpression(node)) return node.elements;
  if (!ts.isPropertyAssignment(node)) return [];
  return node.parent.properties.filter(ts.isPropertyAssignment).map(({ initializer }) => initializer);
}

/** A call that transforms a text or a list: the mutation passes it through unchanged. */
function ofStep(node: ts.Node): readonly Change[] {
  if (!ts.isCallExpression(node) || isInOptionalChain(node)) return [];
  const { expression, arguments: given } = node;
  if (ts.isPropertyAccessExpression(expression)) return ofMethod(node, expression);
  const [first] = given;
  const isOnItsWay = first !== undefined && ts.isIdentifier(expression) && isMade(first);
  return isOnItsWay ? [{ how: 'skipped', node, text: first.getText() }] : [];
}

/** Methods that return their receiver, shortened or rewritten. */
const KEEPING = ['filter', 'slice', 'replace', 'replaceAll', 'trim', 'trimEnd', 'toLowerCase', 'toSorted'];

function ofMethod(node: ts.CallExpression, method: ts.PropertyAccessExpression): readonly Change[] {
  const on = method.expression.getText();
  if (on === 'Math' && node.arguments.length === 2)
    return node.arguments.map((one, index) => ({
      how: `only ${index + 1}`,
      node,
      text: `${method.getText()}(${one.getText()})`,
    }));
  return KEEPING.includes(method.name.text) ? [{ how: 'skipped', node, text: on }] : [];
}

/** A computed value or a text parameter, not the state. */
function isMade(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return isText(node);
  return ts.isBinaryExpression(node) || ts.isPropertyAccessExpression(node) || ts.isCallExpression(node);
}

/** A parameter of type string. */
function isText(name: ts.Identifier): boolean {
  const within = ts.findAncestor(name, ts.isFunctionDeclaration);
  const parameter = within?.parameters.find(one => one.name.getText() === name.text);
  return parameter?.type?.kind === ts.SyntaxKind.StringKeyword;
}

/** Brackets around it would end the chain too early. */
function isInOptionalChain(node: ts.CallExpression): boolean {
  return ts.isOptionalChain(node) && ts.isExpression(node.parent) && ts.isOptionalChain(node.parent);
}

function ofPattern(node: ts.Node): readonly Change[] {
  return ts.isRegularExpressionLiteral(node) ? [{ how: 'never', node, text: '/(?!)/g' }] : [];
}
