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

const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
const api = JSON.parse(readFileSync(join(source, 'generated/api.github.com.json'), 'utf8'));
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
const withoutProse = (value, parentKey) => {
  if (Array.isArray(value)) return value.map(item => withoutProse(item));
  if (typeof value !== 'object' || value === null) return value;
  const named = parentKey === 'properties'; // below `properties` the keys are field names, whatever they are called
  const kept = Object.entries(value).filter(([key]) => named || !dropped.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutProse(inner, named ? undefined : key)]));
};

const components = {};
const collect = value => {
  if (typeof value !== 'object' || value === null) return;
  const ref = value.$ref;
  if (typeof ref === 'string' && ref.startsWith('#/components/')) {
    const [kind, name] = ref.slice('#/components/'.length).split('/');
    components[kind] ??= {};
    if (components[kind][name] === undefined) {
      components[kind][name] = withoutProse(api.components[kind][name]);
      collect(components[kind][name]);
    }
  }
  for (const inner of Object.values(value)) collect(inner);
};

const paths = {};
for (const line of operations) {
  const [method, path] = line.split(' ');
  const operation = api.paths[path]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`GitHub publishes no ${line}`);
  paths[path] ??= {};
  paths[path][method.toLowerCase()] = withoutProse(operation);
}
collect(paths);

const sorted = value => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
for (const kind of Object.keys(components)) components[kind] = sorted(components[kind]);
const subset = {
  openapi: api.openapi,
  source: `@octokit/openapi ${version}`,
  paths: sorted(paths),
  components: sorted(components),
};
writeFileSync(new URL('github.json', target), JSON.stringify(subset, null, 1) + '\n');
writeFileSync(new URL('LICENSE', target), readFileSync(join(source, 'LICENSE'), 'utf8'));
