/** `npm run schemas`: writes the published JSON Schemas of task, report and policy file from the ones that the code parses with. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { publishedSchemas, schemaDir } from '../test/contracts/support/published.ts';

mkdirSync(schemaDir, { recursive: true });
for (const [name, text] of await publishedSchemas()) writeFileSync(new URL(name, schemaDir), text);
