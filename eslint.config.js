/** Lint rules: types are strict, files and functions stay small, and each kind of code keeps to its own edge. */
import eslint from '@eslint/js';
import regexp from 'eslint-plugin-regexp';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const readsTheEnvironment = {
  object: 'process',
  property: 'env',
  message: 'Only src/config reads the environment.',
};

/** Where there are two ways to write the same, docs/conventions.md chooses one. */
const syntax = [
  {
    // A constructor cannot be #named.
    selector: ':matches(PropertyDefinition, MethodDefinition[kind!="constructor"])[accessibility]',
    message: 'Name private members #like this; use no accessibility keyword.',
  },
  {
    selector: 'ObjectExpression > SpreadElement > LogicalExpression[operator="&&"]',
    message: 'Spread an optional member from a conditional: ...(x === undefined ? {} : { x }).',
  },
  { selector: 'TSEnumDeclaration', message: 'Use a union of strings instead of an enum.' },
  { selector: 'ExportDefaultDeclaration', message: 'Give each export a name.' },
];

const functions = [
  {
    // With a type on the name, the arrow function gets its types from there.
    selector:
      ':matches(Program, ExportNamedDeclaration) > VariableDeclaration > VariableDeclarator:not([id.typeAnnotation]) > ArrowFunctionExpression[body.type="BlockStatement"]',
    message: 'Declare a function with statements with `function`.',
  },
];

const fixedValues = [
  '[init.type="Literal"]',
  '[init.type="TemplateLiteral"][init.expressions.length=0]',
  '[init.type="BinaryExpression"][init.left.type="Literal"][init.right.type="Literal"]',
];
const constants = [
  {
    selector: `:matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration[kind="const"] > VariableDeclarator[id.name=/[a-z]/]:matches(${fixedValues.join(', ')})`,
    message: 'Name a constant with a fixed value in CONST_CASE.',
  },
];

/** Other deletions follow names that another user of the host can take; see the file for how it removes. */
const removals = [
  {
    selector:
      'CallExpression[callee.name=/^rm(Sync|dir|dirSync)?$/] > ObjectExpression > Property[key.name="recursive"]',
    message: 'Only src/host/remove-tree.ts removes recursively: use removeTree.',
  },
  {
    selector: 'CallExpression > Literal:first-child[value="rm"], Literal[value=/^(-rf|-delete)$/]',
    message: 'Only src/host/remove-tree.ts removes recursively: use removeTree.',
  },
];

export default defineConfig(
  {
    ignores: ['dist/**', 'node_modules/**', 'coverage/**', 'simulator/project/files/**'],
  },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
      // A switch counts once: a table of cases is easy to read at any length.
      complexity: ['error', { max: 10, variant: 'modified' }],
      'no-console': 'error',
      'no-restricted-properties': ['error', readsTheEnvironment],
      'no-restricted-syntax': ['error', ...syntax, ...functions, ...constants],
    },
  },
  {
    // Text from outside must not be able to keep a process busy.
    files: ['src/**'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignoreSticky: false }],
    },
  },
  {
    files: ['src/domain/**', 'src/workflows/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'fs', 'path', 'crypto'],
              message: 'The domain and the workflows import nothing from Node.',
            },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'fetch'],
    },
  },
  {
    files: ['src/**', 'demo/**', 'bin/**'],
    ignores: ['src/host/remove-tree.ts'],
    rules: { 'no-restricted-syntax': ['error', ...syntax, ...functions, ...constants, ...removals] },
  },
  { files: ['src/config/**', 'bin/**', 'deploy/**'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['test/**'], rules: { 'no-restricted-syntax': ['error', ...syntax] } },
  {
    files: ['test/**', 'scripts/**'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  // Programs without a build: scripts, programs that tests or the box start, and configurations.
  {
    files: ['**/*.{js,mjs,cjs}'],
    rules: {
      'no-restricted-properties': 'off',
      // Tools require default exports of their configurations.
      'no-restricted-syntax': 'off',
      // The compiler finds undefined names.
      'no-undef': 'off',
      // Types are comments here.
      'max-lines': ['error', { max: 300, skipComments: true }],
      // JSDoc types parsed JSON by assignment.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  // Files that spell out conditions in one place.
  {
    files: ['test/domain/life/**', 'test/domain/model/**'],
    rules: { complexity: ['error', { max: 20, variant: 'modified' }] },
  },
);
