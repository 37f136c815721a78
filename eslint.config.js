/** Lint rules: types are strict, files and functions stay small, and each kind of code keeps to its own edge. */
import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const readsTheEnvironment = {
  object: 'process',
  property: 'env',
  message: 'Only src/config reads the environment.',
};

/** Of two ways to write the same, the one of docs/conventions.md. */
const oneDialect = [
  {
    // A constructor cannot be #named.
    selector: ':matches(PropertyDefinition, MethodDefinition[kind!="constructor"])[accessibility]',
    message: 'A private member is #named; nothing else says who may see it.',
  },
  {
    selector: 'ObjectExpression > SpreadElement > LogicalExpression[operator="&&"]',
    message: 'An optional member is spread from a conditional: ...(x === undefined ? {} : { x }).',
  },
  { selector: 'TSEnumDeclaration', message: 'A union of strings instead of an enum.' },
  { selector: 'ExportDefaultDeclaration', message: 'A name for each export.' },
];

export default defineConfig(
  {
    ignores: ['dist/**', 'node_modules/**', 'coverage/**', 'simulator/project/**'],
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
      // A switch counts once: a table of cases is no harder to read for being whole.
      complexity: ['error', { max: 10, variant: 'modified' }],
      'no-console': 'error',
      'no-restricted-properties': ['error', readsTheEnvironment],
      'no-restricted-syntax': ['error', ...oneDialect],
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
              message: 'The domain and the workflows know no Node.',
            },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'fetch'],
    },
  },
  { files: ['src/config/**', 'bin/**'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['test/**', 'scripts/**'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  // Programs: they talk to a person or to whoever started them, and read the environment that they were given.
  {
    files: ['**/*.{js,mjs,cjs}'],
    rules: {
      'no-restricted-properties': 'off',
      // Configurations are default exports by their tools' rule.
      'no-restricted-syntax': 'off',
      // The compiler knows which names there are.
      'no-undef': 'off',
      // Types stand in comments.
      'max-lines': ['error', { max: 300, skipComments: true }],
      // JSDoc has no other way to give a type to parsed JSON.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  // Conditions that are spelled out in one place.
  {
    files: ['test/domain/life/**', 'test/domain/model/**'],
    rules: { complexity: ['error', { max: 20, variant: 'modified' }] },
  },
);
