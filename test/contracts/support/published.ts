/** The published JSON Schemas, generated from the code. */
import { format, resolveConfig } from 'prettier';
import { fileURLToPath } from 'node:url';
import { policyJsonSchema } from '../../../src/config/policy-schema.ts';
import { agentEventJsonSchema } from '../../../src/contracts/agent-event.ts';
import { agentReportJsonSchema } from '../../../src/contracts/agent-report.ts';
import { agentTaskJsonSchema } from '../../../src/contracts/agent-task.ts';

export const schemaDir = new URL('../../../docs/schema/', import.meta.url);

/** Maps file names to texts. */
export async function publishedSchemas(): Promise<ReadonlyMap<string, string>> {
  const schemas = {
    'agent-task.schema.json': titled('The task of a Signalbox agent', agentTaskJsonSchema()),
    'agent-report.schema.json': titled('The report of a Signalbox agent', agentReportJsonSchema()),
    'agent-event.schema.json': titled(
      'An event of a Signalbox agent on a line of standard error: a command starts or ends',
      agentEventJsonSchema(),
    ),
    'policy.schema.json': titled('.github/signalbox.yml, the policy of a repository', policyJsonSchema()),
  };
  const style = await resolveConfig(fileURLToPath(schemaDir));
  const texts = Object.entries(schemas).map(
    async ([name, schema]) =>
      [name, await format(JSON.stringify(schema), { ...style, parser: 'json' })] as const,
  );
  return new Map(await Promise.all(texts));
}

function titled(title: string, schema: Record<string, unknown>): Record<string, unknown> {
  const { $schema, ...rest } = schema;
  return { $schema, title, ...rest };
}
