/** Jest runs the TypeScript sources as ES modules; types are checked by `npm run check`, not here. */
export default {
  testEnvironment: 'node',
  // Jest wraps what earlier files left on the global scope (signal-exit's emitter, by execa) once for each file, until a
  // call of it overflows the stack.
  testEnvironmentOptions: { globalsCleanup: 'off' },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } },
    ],
  },
  // Not node_modules: looking through it would be the longest part of a single test.
  roots: ['bin', 'demo', 'scripts', 'simulator', 'src', 'test'].map(folder => `<rootDir>/${folder}`),
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Run by `npm run test:cluster` and `npm run test:compose`.
  testPathIgnorePatterns: ['<rootDir>/test/(?:cluster|compose)/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  // Against a hang only: a busy machine takes many times as long as an idle one.
  testTimeout: 90_000,
  // One more than the two cores of the build machine: the files with real processes mostly wait.
  maxWorkers: 3,
  // Each file leaves memory behind, and each process that a test starts costs a copy of the worker's page tables: files that
  // start many took about twice the processor time in a worker of 1 GB. A new worker costs half a second.
  workerIdleMemoryLimit: '300MB',
};
