/**
 * Checks a request body before it is sent to the provider. Commands in the box can send any body, so everything is an
 * allow-list: fields, item types, content types, and tools in every place where they can occur.
 */
import { type Fields, type Json, record, type RequestRules } from './request-rules.ts';

const roles = new Set(['developer', 'user', 'assistant', 'system']);
const requiredFields = ['model', 'stream', 'store', 'input'] as const;
const TOOLS_MAX = 64;
const TOOL_DEPTH_MAX = 3;

/** The rules for the requests of one run. */
export interface RunRules {
  readonly model: string;
  readonly rules: RequestRules;
}

/** Why the body is refused, or undefined. The text names places in the body, never their contents. */
export function bodyProblem(body: unknown, { model, rules }: RunRules): string | undefined {
  const root = record(body);
  if (root === undefined) return 'the body is not a JSON object';
  const field = Object.keys(root).find(name => !Object.hasOwn(rules.body, name));
  if (field !== undefined) return `field ${shown(field)} is not allowed`;
  const missing = requiredFields.find(name => root[name] === undefined);
  if (missing !== undefined) return `field ${missing} is missing`;
  if (root['model'] !== model) return `this run can use only the model ${model}`;
  const wrong = Object.entries(root).find(([name, value]) => rules.body[name]?.(value) !== true);
  if (wrong !== undefined) return `the value of ${wrong[0]} is not allowed`;
  return (
    toolsProblem(root['tools'] ?? [], { rules, place: 'tools', depth: 0 }) ??
    firstProblem(root['input'] as unknown[], (item, index) =>
      itemProblem(item, { rules, place: `input[${index}]`, depth: 0 }),
    )
  );
}

/**
 * The body without metadata about the host, serialized again, so that duplicate keys and escapes are not forwarded.
 * Undefined when it is nested too deeply to serialize.
 */
export function rewritten(body: Json): string | undefined {
  try {
    return JSON.stringify({ ...body, client_metadata: undefined });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Adds a bound on the answer; a checked body never has one. */
export function withOutputBound(json: string, outputTokensMax: number): string {
  return `${json.slice(0, -1)},"max_output_tokens":${outputTokensMax}}`;
}

interface Place {
  readonly rules: RequestRules;
  readonly place: string;
  readonly depth: number;
}

function itemProblem(value: unknown, at: Place): string | undefined {
  const item = record(value);
  const { place } = at;
  if (item === undefined) return `${place} is not an object`;
  return (
    shapeProblem(item, at) ??
    toolsProblem(item['tools'] ?? [], { ...at, place: `${place}.tools` }) ??
    partsProblem(item, at)
  );
}

function shapeProblem(item: Json, { rules, place }: Place): string | undefined {
  const type = typeOf(item, rules);
  if (typeof type !== 'string' || !rules.itemTypes.has(type))
    return `${place} has a type that is not allowed: ${shown(type)}`;
  const wrong = fieldProblem(item, rules.item, place);
  if (wrong !== undefined) return wrong;
  if (type === 'message' && !roles.has(item['role'] as string))
    return `${place} has a role that is not allowed`;
  return item['tools'] !== undefined && type !== 'additional_tools'
    ? `${place} has tools, which its type does not allow`
    : undefined;
}

/** A reference to a stored item may also lack its type, but it has an id and no content. */
function typeOf(item: Json, { untypedMessages }: RequestRules): unknown {
  const isMessage = item['type'] === undefined && item['content'] !== undefined && item['id'] === undefined;
  return untypedMessages && isMessage ? 'message' : item['type'];
}

/** Text can be a plain string. Lists contain typed parts; an image or a file would be such a part. */
function partsProblem(item: Json, at: Place): string | undefined {
  for (const name of ['content', 'output', 'summary']) {
    const parts = item[name];
    if (!Array.isArray(parts)) continue;
    const problem = firstProblem(parts, (part, index) =>
      partProblem(part, { ...at, place: `${at.place}.${name}[${index}]` }),
    );
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function partProblem(value: unknown, { rules, place }: Place): string | undefined {
  const part = record(value);
  if (part === undefined) return `${place} is not an object`;
  const fields = ofType(rules.parts, part['type']);
  if (fields === undefined) return `${place} has a type that is not allowed: ${shown(part['type'])}`;
  return fieldProblem(part, fields, place);
}

function toolsProblem(value: unknown, at: Place): string | undefined {
  const { place, depth } = at;
  if (!Array.isArray(value)) return `${place} is not a list`;
  if (value.length > TOOLS_MAX) return `${place} has more than ${TOOLS_MAX} entries`;
  if (depth > TOOL_DEPTH_MAX) return `${place} is nested too deeply`;
  return firstProblem(value, (tool, index) => toolProblem(tool, { ...at, place: `${place}[${index}]` }));
}

function toolProblem(value: unknown, at: Place): string | undefined {
  const { rules, place, depth } = at;
  const tool = record(value);
  if (tool === undefined) return `${place} is not an object`;
  const kind = ofType(rules.tools, tool['type']);
  if (kind === undefined) return `${place} has a tool type that is not allowed: ${shown(tool['type'])}`;
  if (!kind.isName(tool['name'])) return `${place} is a tool that is not allowed: ${shown(tool['name'])}`;
  return (
    fieldProblem(tool, kind.fields, place) ??
    (tool['type'] === 'namespace'
      ? toolsProblem(tool['tools'], { rules, place: `${place}.tools`, depth: depth + 1 })
      : undefined)
  );
}

function ofType<T>(known: Readonly<Record<string, T>>, type: unknown): T | undefined {
  return typeof type === 'string' && Object.hasOwn(known, type) ? known[type] : undefined;
}

/** Refuses fields that are not listed and values of another type: an object could be hidden in place of text. */
function fieldProblem(object: Json, fields: Fields, place: string): string | undefined {
  const unknown = Object.keys(object).find(name => !Object.hasOwn(fields, name));
  if (unknown !== undefined) return `${place} has a field that is not allowed: ${shown(unknown)}`;
  const wrong = Object.entries(object).find(
    ([name, value]) => value !== null && fields[name]?.(value) !== true,
  );
  return wrong === undefined ? undefined : `${place}.${wrong[0]} has a value that is not allowed`;
}

function firstProblem(
  values: readonly unknown[],
  problem: (value: unknown, index: number) => string | undefined,
): string | undefined {
  for (const [index, value] of values.entries()) {
    const found = problem(value, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A name from the body, truncated and cleaned, for answers and logs. */
function shown(value: unknown): string {
  return typeof value === 'string'
    ? JSON.stringify(value.replace(/[^\w.-]+/g, '?').slice(0, 40))
    : typeof value;
}
