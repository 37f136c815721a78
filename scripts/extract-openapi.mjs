/**
 * Extracts from GitHub's published OpenAPI description the operations the simulator serves.
 * Usage: npm pack @octokit/openapi@<version> in a temporary folder, unpack it, then
 *   node scripts/extract-openapi.mjs <unpacked>/package
 * Refresh: raise the version, run, read the diff.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const target = new URL('../test/contract/openapi/', import.meta.url);
const source = process.argv[2];
if (source === undefined)
  throw new Error('usage: node scripts/extract-openapi.mjs <unpacked @octokit/openapi>');

/** @typedef {Record<string, Record<string, unknown>>} Groups name → name → description */

/** @type {{ version: string }} */
const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
/** @type {{ openapi: string, paths: Groups, components: Groups }} */
const api = JSON.parse(readFileSync(join(source, 'generated/api.github.com.json'), 'utf8'));
/** @type {string[]} */
const operations = JSON.parse(readFileSync(new URL('operations.json', target), 'utf8'));

const dropped = new Set([
  'description',
  'example',
  'examples',
  'summary',
  'externalDocs',
  'x-github',
  'tags',
  'deprecated',
]);
/** @type {(value: unknown, parentKey?: string) => unknown} */
function withoutProse(value, parentKey) {
  if (Array.isArray(value)) return value.map(item => withoutProse(item));
  if (typeof value !== 'object' || value === null) return value;
  const named = parentKey === 'properties'; // below `properties` the keys are field names, whatever they are called
  const kept = Object.entries(value).filter(([key]) => named || !dropped.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutProse(inner, named ? undefined : key)]));
}

/** @type {Groups} */
const components = {};
/** @type {(value: unknown) => void} */
function collect(value) {
  if (typeof value !== 'object' || value === null) return;
  if ('$ref' in value && typeof value.$ref === 'string') collectComponent(value.$ref);
  for (const inner of Object.values(value)) collect(inner);
}

/** @param {string} ref */
function collectComponent(ref) {
  const [, kind = '', name = ''] = /^#\/components\/([^/]+)\/([^/]+)$/.exec(ref) ?? [];
  const found = api.components[kind]?.[name];
  const group = (components[kind] ??= {});
  if (found === undefined || group[name] !== undefined) return;
  group[name] = withoutProse(found);
  collect(group[name]);
}

/** @type {Groups} */
const paths = {};
for (const line of operations) {
  const [method = '', path = ''] = line.split(' ');
  const operation = api.paths[path]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`GitHub publishes no ${line}`);
  (paths[path] ??= {})[method.toLowerCase()] = withoutProse(operation);
}
collect(paths);

/** @type {<T>(value: Record<string, T>) => Record<string, T>} */
const sorted = value => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
const subset = {
  openapi: api.openapi,
  source: `@octokit/openapi ${version}`,
  paths: sorted(paths),
  components: sorted(
    Object.fromEntries(Object.entries(components).map(([kind, group]) => [kind, sorted(group)])),
  ),
};
writeFileSync(new URL('github.json', target), JSON.stringify(subset, null, 1) + '\n');
writeFileSync(new URL('LICENSE', target), readFileSync(join(source, 'LICENSE'), 'utf8'));
