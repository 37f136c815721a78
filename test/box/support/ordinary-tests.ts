/** The test files that are run once more by an ordinary user where root runs the tests. */
export const ORDINARY_TESTS = [
  'self-test',
  'corpus',
  'workspace',
  'inherited-descriptors',
  'memory-watch',
  'unfit-hosts',
  'process-limit',
].map(name => `test/box/${name}.test.ts`);
