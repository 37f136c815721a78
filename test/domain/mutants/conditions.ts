/** The conditions of a rule: each operand of `&&` and `||`, or the whole expression if there is none. */
import ts from 'typescript';

export function isCondition(node: ts.Node): node is ts.Expression {
  if (!ts.isExpression(node) || isJunction(node) || isInBrackets(node) || isYesOrNo(node)) return false;
  if (isNegated(node)) return false;
  return isComparison(node) || isNegation(node) || isAsked(node);
}

export function isYesOrNo({ kind }: ts.Node): boolean {
  return kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword;
}

/** The other side of a comparison's edge. */
export const BOUNDARIES: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
]);

const COMPARING: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.InKeyword,
  ...BOUNDARIES.keys(),
];

function isComparison(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) && COMPARING.includes(node.operatorToken.kind);
}

function isJunction(node: ts.Node): node is ts.BinaryExpression {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken;
}

function isNegation(node: ts.Node): boolean {
  return ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken;
}

/** The negation around the node is the condition. */
function isNegated({ parent }: ts.Node): boolean {
  return isInBrackets(parent) ? isNegated(parent) : isNegation(parent);
}

const isInBrackets = ts.isParenthesizedExpression;

/** The node is in a boolean position. */
function isAsked(node: ts.Node): boolean {
  const { parent } = node;
  if (isInBrackets(parent)) return isAsked(parent);
  if (isJunction(parent)) return parent.left === node || isAsked(parent);
  if (ts.isConditionalExpression(parent)) return parent.condition === node || isAsked(parent);
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node;
  return isAnswer(node);
}

/** The result of a predicate. */
function isAnswer(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isArrowFunction(parent)) return parent.body === node && (answers(parent) || isPredicate(parent));
  return ts.isReturnStatement(parent) && answers(ts.findAncestor(parent, ts.isFunctionLike));
}

function answers(decides: ts.SignatureDeclaration | undefined): boolean {
  const type = decides?.type;
  return type !== undefined && (ts.isTypePredicateNode(type) || type.kind === ts.SyntaxKind.BooleanKeyword);
}

const PREDICATES = ['filter', 'some', 'every', 'find', 'findLast', 'findIndex', 'findLastIndex'];

function isPredicate({ parent }: ts.ArrowFunction): boolean {
  if (!ts.isCallExpression(parent) || !ts.isPropertyAccessExpression(parent.expression)) return false;
  return PREDICATES.includes(parent.expression.name.text);
}
