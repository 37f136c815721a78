/** The seed of generated tests. Put it in the test's name, so that a failed run can be repeated. */
export const SEED = Number(process.env['SIGNALBOX_TEST_SEED'] ?? Date.now() % 100_000);
