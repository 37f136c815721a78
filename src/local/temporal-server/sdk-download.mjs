/**
 * Lets the Temporal SDK download the official CLI: `sdk-download.mjs <folder> <version>`. It is a separate process because
 * the SDK's download cannot be interrupted and starts the server immediately.
 */
const [downloadDir = '', version = ''] = process.argv.slice(2);
try {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const { DefaultLogger, Runtime } = await import('@temporalio/worker');
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', version: `v${version}`, downloadDir }, ui: false },
  });
  await environment.teardown();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message.replaceAll('\n', ' ')}\n`);
  process.exitCode = 1;
}
