/** Test files that ordinary-user.test.ts runs again as an ordinary user when root runs the tests. */
export const ORDINARY_TESTS = [
  'self-test',
  'corpus',
  'workspace',
  'inherited-descriptors',
  'memory-watch',
  'unfit-hosts',
  'process-limit',
].map(name => `test/box/${name}.test.ts`);
