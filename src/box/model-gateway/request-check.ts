/**
 * Judges a request body before it may reach the provider. Commands in the box can send any body, so everything is an
 * allow-list: fields, item types, content types, and tools wherever they can hide.
 */

const itemTypes = new Set([
  'message',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'reasoning',
  'additional_tools',
]);
const contentTypes = new Set([
  'input_text',
  'output_text',
  'text',
  'summary_text',
  'reasoning_text',
  'refusal',
]);
const roles = new Set(['developer', 'user', 'assistant', 'system']);

const toolsMax = 64;
const toolDepthMax = 3;

type Json = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isText: Check = value => typeof value === 'string' && value.length <= 200;
const isString: Check = value => typeof value === 'string';
const isRecord: Check = value => record(value) !== undefined;
const isEmptyList: Check = value => Array.isArray(value) && value.length === 0;
/** Judged part by part below. */
const isTextOrList: Check = value => typeof value === 'string' || Array.isArray(value);

/** Every field an item of the input may have; null stands for absent. */
const itemFields: Readonly<Record<string, Check>> = {
  type: isString,
  id: isText,
  status: isText,
  role: isText,
  content: isTextOrList,
  phase: isText,
  end_turn: value => typeof value === 'boolean',
  name: isText,
  namespace: isText,
  arguments: isString,
  call_id: isText,
  input: isString,
  output: isTextOrList,
  summary: isTextOrList,
  encrypted_content: isString,
  tools: Array.isArray,
};

/** What a citation or a probability would carry is never needed back. */
const contentFields: Readonly<Record<string, Check>> = {
  type: isString,
  text: isString,
  refusal: isString,
  annotations: isEmptyList,
  logprobs: isEmptyList,
};

interface ToolKind {
  readonly names: ReadonlySet<string>;
  readonly fields: Readonly<Record<string, Check>>;
}

const describedTool = { type: isString, name: isString, description: isString };

/** Tools that run in the box, by name. Remote ones have other types and are refused by type. */
const toolKinds: Readonly<Record<string, ToolKind>> = {
  function: {
    names: new Set(['exec_command', 'write_stdin', 'update_plan', 'wait']),
    fields: { ...describedTool, strict: value => typeof value === 'boolean', parameters: isRecord },
  },
  custom: {
    names: new Set(['apply_patch', 'exec']),
    fields: {
      ...describedTool,
      format: value => hasOnly(value, { type: isText, syntax: isText, definition: isString }),
    },
  },
  namespace: { names: new Set(['functions']), fields: { ...describedTool, tools: Array.isArray } },
};

/** Every field a body may have. `client_metadata` is taken off before the body goes on. */
const fields: Readonly<Record<string, Check>> = {
  model: isText,
  stream: value => value === true,
  store: value => value === false,
  input: Array.isArray,
  tools: Array.isArray,
  tool_choice: value => value === 'auto' || value === 'none',
  parallel_tool_calls: value => typeof value === 'boolean',
  reasoning: value => value === null || hasOnly(value, { effort: isText, summary: isText, context: isText }),
  include: value => Array.isArray(value) && value.every(entry => entry === 'reasoning.encrypted_content'),
  prompt_cache_key: isText,
  text: value => hasOnly(value, { verbosity: isText, format: isFormat }),
  client_metadata: isRecord,
};
const requiredFields = ['model', 'stream', 'store', 'input'] as const;

/** Why the body may not go on, or undefined. The text names places, never contents. */
export function bodyProblem(body: unknown, model: string): string | undefined {
  const root = record(body);
  if (root === undefined) return 'the body is not a JSON object';
  const field = Object.keys(root).find(name => !Object.hasOwn(fields, name));
  if (field !== undefined) return `field ${shown(field)} is not allowed`;
  const missing = requiredFields.find(name => root[name] === undefined);
  if (missing !== undefined) return `field ${missing} is missing`;
  if (root['model'] !== model) return `this run may use the model ${model} only`;
  const wrong = Object.entries(root).find(([name, value]) => fields[name]?.(value) !== true);
  if (wrong !== undefined) return `this value of ${wrong[0]} is not allowed`;
  return (
    toolsProblem(root['tools'] ?? [], 'tools', 0) ?? firstProblem(root['input'] as unknown[], itemProblem)
  );
}

/** The body without what tells about the host, written anew: nothing of its spelling goes on. undefined: nested too deeply for that. */
export function rewritten(body: Json): string | undefined {
  try {
    return JSON.stringify({ ...body, client_metadata: undefined });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** With a bound on the answer; a body never has one of its own. */
export function bounded(json: string, outputTokensMax: number): string {
  return `${json.slice(0, -1)},"max_output_tokens":${outputTokensMax}}`;
}

function itemProblem(value: unknown, index: number): string | undefined {
  const item = record(value);
  const place = `input[${index}]`;
  if (item === undefined) return `${place} is not an object`;
  return (
    shapeProblem(item, place) ??
    toolsProblem(item['tools'] ?? [], `${place}.tools`, 0) ??
    partsProblem(item, place)
  );
}

function shapeProblem(item: Json, place: string): string | undefined {
  const type = item['type'];
  if (typeof type !== 'string' || !itemTypes.has(type))
    return `${place} has a type that is not allowed: ${shown(type)}`;
  const wrong = fieldProblem(item, itemFields, place);
  if (wrong !== undefined) return wrong;
  if (type === 'message' && !roles.has(item['role'] as string))
    return `${place} has a role that is not allowed`;
  return item['tools'] !== undefined && type !== 'additional_tools'
    ? `${place} has tools out of place`
    : undefined;
}

/** Text may be a bare string; lists hold typed parts, and images or files would be parts. */
function partsProblem(item: Json, place: string): string | undefined {
  for (const name of ['content', 'output', 'summary']) {
    const parts = item[name];
    if (!Array.isArray(parts)) continue;
    const problem = firstProblem(parts, (part, index) => partProblem(part, `${place}.${name}[${index}]`));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function partProblem(value: unknown, place: string): string | undefined {
  const part = record(value);
  if (part === undefined) return `${place} is not an object`;
  if (!contentTypes.has(part['type'] as string))
    return `${place} has a type that is not allowed: ${shown(part['type'])}`;
  return fieldProblem(part, contentFields, place);
}

function toolsProblem(value: unknown, place: string, depth: number): string | undefined {
  if (!Array.isArray(value)) return `${place} is not a list`;
  if (value.length > toolsMax) return `${place} has more than ${toolsMax} entries`;
  if (depth > toolDepthMax) return `${place} is nested too deeply`;
  return firstProblem(value, (tool, index) => toolProblem(tool, `${place}[${index}]`, depth));
}

function toolProblem(value: unknown, place: string, depth: number): string | undefined {
  const tool = record(value);
  if (tool === undefined) return `${place} is not an object`;
  const kind = tool['type'];
  const known = typeof kind === 'string' && Object.hasOwn(toolKinds, kind) ? toolKinds[kind] : undefined;
  if (known === undefined) return `${place} has a tool type that is not allowed: ${shown(kind)}`;
  return (
    oneOf(known.names, tool['name'], place) ??
    fieldProblem(tool, known.fields, place) ??
    (kind === 'namespace' ? toolsProblem(tool['tools'], `${place}.tools`, depth + 1) : undefined)
  );
}

function oneOf(allowed: ReadonlySet<string>, name: unknown, place: string): string | undefined {
  return typeof name === 'string' && allowed.has(name)
    ? undefined
    : `${place} is a tool that is not allowed: ${shown(name)}`;
}

/** Fields that are not listed, and values of another kind than listed: an object may hide where text belongs. */
function fieldProblem(
  object: Json,
  checks: Readonly<Record<string, Check>>,
  place: string,
): string | undefined {
  const unknown = Object.keys(object).find(name => !Object.hasOwn(checks, name));
  if (unknown !== undefined) return `${place} has a field that is not allowed: ${shown(unknown)}`;
  const wrong = Object.entries(object).find(
    ([name, value]) => value !== null && checks[name]?.(value) !== true,
  );
  return wrong === undefined ? undefined : `${place}.${wrong[0]} has a value that is not allowed`;
}

function isFormat(value: unknown): boolean {
  return hasOnly(value, {
    type: type => type === 'text' || type === 'json_schema',
    strict: strict => typeof strict === 'boolean',
    name: isText,
    schema: isRecord,
  });
}

function hasOnly(value: unknown, checks: Readonly<Record<string, Check>>): boolean {
  const object = record(value);
  return (
    object !== undefined &&
    Object.entries(object).every(
      ([name, entry]) => entry === null || (Object.hasOwn(checks, name) && checks[name]?.(entry) === true),
    )
  );
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

function record(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** A name from the body, cut and cleaned: it goes into answers and logs. */
function shown(value: unknown): string {
  return typeof value === 'string'
    ? JSON.stringify(value.replace(/[^\w.-]+/g, '?').slice(0, 40))
    : typeof value;
}
