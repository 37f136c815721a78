/**
 * Loads the TypeScript sources once per tag: an import with `?mutant=<tag>` gets its own copy of the rules, with all
 * mutants, and of the invariants. It writes no files.
 */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const OPTIONS = { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } };
const compiled = new Map();
let instrumented = {};

/** `sources`: replacements by file URL. Call once, before the first import with a tag. */
export function useSources(sources) {
  register(import.meta.url, { data: sources });
}

export function initialize(sources) {
  instrumented = sources;
}

/** Most of the time is hashing, and Node's SHA-256 is ten times as fast as the one for workflows. */
const QUICK_SHA256 = new URL('quick-sha256.mjs', import.meta.url).href;

export async function resolve(specifier, context, next) {
  if (specifier === '@noble/hashes/sha2.js')
    return { url: QUICK_SHA256, format: 'module', shortCircuit: true };
  const found = await next(specifier, context);
  const tag = new URL(context.parentURL ?? 'file:///').searchParams.get('mutant');
  const isOurs = found.url.startsWith('file:') && found.url.endsWith('.ts');
  return tag === null || !isOurs ? found : { ...found, url: `${found.url}?mutant=${tag}` };
}

export async function load(url, context, next) {
  const { protocol, pathname, searchParams } = new URL(url);
  if (protocol !== 'file:' || !pathname.endsWith('.ts') || !searchParams.has('mutant'))
    return next(url, context);
  return { format: 'module', shortCircuit: true, source: await code(`file://${pathname}`) };
}

async function code(file) {
  let found = compiled.get(file);
  if (found === undefined) {
    const source = instrumented[file] ?? (await readFile(fileURLToPath(file), 'utf8'));
    found = (await transform(source, OPTIONS)).code;
    compiled.set(file, found);
  }
  return found;
}
