/** `npm run schemas`: writes the JSON Schemas of task, report and policy file, generated from the zod schemas. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { publishedSchemas, schemaDir } from '../test/contracts/support/published.ts';

mkdirSync(schemaDir, { recursive: true });
for (const [name, text] of await publishedSchemas()) writeFileSync(new URL(name, schemaDir), text);
