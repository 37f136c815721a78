/**
 * Loads the TypeScript sources once per tag: an import with `?mutant=<tag>` gets its own copy of the rules with all
 * mutants in it, and its own copy of the invariants. Writes no files.
 */
/** @import { LoadFnOutput, LoadHook, ResolveFnOutput, ResolveHook } from 'node:module' */
/** @import { Options } from '@swc/core' */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

/** @type {Options} */
const OPTIONS = { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } };
/** By file URL. @typedef {Readonly<Record<string, string>>} Sources */

/** @type {Map<string, string>} */
const compiled = new Map();
/** @type {Sources} */
let instrumented = {};

/**
 * Call once, before the first import with a tag.
 * @param {Sources} sources replace the content of files
 */
export function useSources(sources) {
  register(import.meta.url, { data: sources });
}

/** @param {Sources} sources */
export function initialize(sources) {
  instrumented = sources;
}

/** A search spends most of its time hashing. Node's function is ten times as fast as the one that the workflow needs. */
const QUICK_SHA256 = new URL('quick-sha256.mjs', import.meta.url).href;

/**
 * @param {Parameters<ResolveHook>[0]} specifier
 * @param {Parameters<ResolveHook>[1]} context
 * @param {Parameters<ResolveHook>[2]} next
 * @returns {Promise<ResolveFnOutput>}
 */
export async function resolve(specifier, context, next) {
  if (specifier === '@noble/hashes/sha2.js')
    return { url: QUICK_SHA256, format: 'module', shortCircuit: true };
  const found = await next(specifier, context);
  const tag = new URL(context.parentURL ?? 'file:///').searchParams.get('mutant');
  const isOurs = found.url.startsWith('file:') && found.url.endsWith('.ts');
  return tag === null || !isOurs ? found : { ...found, url: `${found.url}?mutant=${tag}` };
}

/**
 * @param {Parameters<LoadHook>[0]} url
 * @param {Parameters<LoadHook>[1]} context
 * @param {Parameters<LoadHook>[2]} next
 * @returns {Promise<LoadFnOutput>}
 */
export async function load(url, context, next) {
  const { protocol, pathname, searchParams } = new URL(url);
  if (protocol !== 'file:' || !pathname.endsWith('.ts') || !searchParams.has('mutant'))
    return next(url, context);
  return { format: 'module', shortCircuit: true, source: await code(`file://${pathname}`) };
}

/** @param {string} file */
async function code(file) {
  let found = compiled.get(file);
  if (found === undefined) {
    const source = instrumented[file] ?? (await readFile(fileURLToPath(file), 'utf8'));
    found = (await transform(source, OPTIONS)).code;
    compiled.set(file, found);
  }
  return found;
}
