/**
 * The allow-list for request bodies: fields, item types, content types and tools, each with the type of its values.
 * Everything else is refused. A policy can allow some additions by name, for the runs of its repository.
 */
import { MODEL_ALLOWANCES, type ModelAllowance } from '../domain/policy.ts';

export type Json = Readonly<Record<string, unknown>>;
export type ValueCheck = (value: unknown) => boolean;
export type Fields = Readonly<Record<string, ValueCheck>>;

export interface ToolKind {
  readonly isName: ValueCheck;
  readonly fields: Fields;
}

export interface RequestRules {
  readonly body: Fields;
  readonly itemTypes: ReadonlySet<string>;
  /** A message may omit its type: the API treats such an item as a message. */
  readonly untypedMessages: boolean;
  readonly item: Fields;
  /** Allowed fields by type of the part. */
  readonly parts: Readonly<Record<string, Fields>>;
  /** Allowed tools by type. */
  readonly tools: Readonly<Record<string, ToolKind>>;
}

export function rulesFor(allowed: readonly ModelAllowance[]): RequestRules {
  return MODEL_ALLOWANCES.filter(one => allowed.includes(one)).reduce(
    (rules, one) => additions[one](rules),
    strictRules,
  );
}

const isText: ValueCheck = value => typeof value === 'string' && value.length <= 200;
const isString: ValueCheck = value => typeof value === 'string';
const isBoolean: ValueCheck = value => typeof value === 'boolean';
const isRecord: ValueCheck = value => record(value) !== undefined;
const isEmptyList: ValueCheck = value => Array.isArray(value) && value.length === 0;
/** `request-check.ts` checks the parts of a list. */
const isTextOrList: ValueCheck = value => typeof value === 'string' || Array.isArray(value);
const oneOf =
  (...words: readonly unknown[]): ValueCheck =>
  value =>
    words.includes(value);
const listOf =
  (check: ValueCheck): ValueCheck =>
  value =>
    Array.isArray(value) && value.every(check);
const objectOf =
  (fields: Fields): ValueCheck =>
  value =>
    hasOnly(value, fields);

const describedTool = { type: isString, name: isString, description: isString };
/** The API does not need citations and probabilities back. */
const textPart = {
  type: isString,
  text: isString,
  refusal: isString,
  annotations: isEmptyList,
  logprobs: isEmptyList,
};
const format = objectOf({
  type: oneOf('text', 'json_schema'),
  strict: isBoolean,
  name: isText,
  schema: isRecord,
});
const ENCRYPTED = 'reasoning.encrypted_content';

const strictRules: RequestRules = {
  // `client_metadata` is removed before the body is sent.
  body: {
    model: isText,
    stream: oneOf(true),
    store: oneOf(false),
    input: Array.isArray,
    tools: Array.isArray,
    tool_choice: oneOf('auto', 'none'),
    parallel_tool_calls: isBoolean,
    reasoning: value =>
      value === null || hasOnly(value, { effort: isText, summary: isText, context: isText }),
    include: listOf(oneOf(ENCRYPTED)),
    prompt_cache_key: isText,
    text: objectOf({ verbosity: isText, format }),
    client_metadata: isRecord,
  },
  itemTypes: new Set([
    ...['message', 'function_call', 'function_call_output', 'custom_tool_call', 'custom_tool_call_output'],
    ...['reasoning', 'additional_tools'],
  ]),
  untypedMessages: false,
  item: {
    type: isString,
    id: isText,
    status: isText,
    role: isText,
    content: isTextOrList,
    phase: isText,
    end_turn: isBoolean,
    name: isText,
    namespace: isText,
    arguments: isString,
    call_id: isText,
    input: isString,
    output: isTextOrList,
    summary: isTextOrList,
    encrypted_content: isString,
    tools: Array.isArray,
  },
  parts: {
    input_text: textPart,
    output_text: textPart,
    text: textPart,
    summary_text: textPart,
    reasoning_text: textPart,
    refusal: textPart,
  },
  // Tools that run in the box, by name. Remote tools have other types, which are refused.
  tools: {
    function: {
      isName: oneOf('exec_command', 'write_stdin', 'update_plan', 'wait'),
      fields: { ...describedTool, strict: isBoolean, parameters: isRecord },
    },
    custom: {
      isName: oneOf('apply_patch', 'exec'),
      fields: {
        ...describedTool,
        format: objectOf({ type: isText, syntax: isText, definition: isString }),
      },
    },
    namespace: { isName: oneOf('functions'), fields: { ...describedTool, tools: Array.isArray } },
  },
};

/** For agents other than Codex: the agent runs such a tool itself, in the box, so any name is allowed. */
const ownName: ValueCheck = value => typeof value === 'string' && /^[\w-]{1,64}$/.test(value);

const additions: Readonly<Record<ModelAllowance, (rules: RequestRules) => RequestRules>> = {
  'own-tools': rules => ({
    ...rules,
    untypedMessages: true,
    tools: Object.fromEntries(
      Object.entries(rules.tools).map(([type, kind]) =>
        ownTypes.has(type) ? [type, { ...kind, isName: ownName }] : [type, kind],
      ),
    ),
  }),
  // Allows storing only. A request cannot refer to a stored response, which could belong to another run.
  'stored-responses': rules => ({ ...rules, body: { ...rules.body, store: isBoolean } }),
  'web-search': rules => ({
    ...rules,
    body: { ...rules.body, include: listOf(oneOf(ENCRYPTED, 'web_search_call.action.sources')) },
    itemTypes: new Set([...rules.itemTypes, 'web_search_call']),
    item: { ...rules.item, action: webAction },
    parts: { ...rules.parts, output_text: { ...textPart, annotations: listOf(webCitation) } },
    tools: { ...rules.tools, web_search: webSearch },
  }),
  'remote-images': rules => ({
    ...rules,
    parts: { ...rules.parts, input_image: { type: isString, image_url: isString, detail: isText } },
  }),
};

const ownTypes: ReadonlySet<string> = new Set(['function', 'custom']);

const webSearch: ToolKind = {
  isName: value => value === undefined,
  fields: {
    type: isString,
    filters: objectOf({ allowed_domains: listOf(isText) }),
    search_context_size: isText,
    user_location: objectOf({
      type: isText,
      city: isText,
      country: isText,
      region: isText,
      timezone: isText,
    }),
    external_web_access: isBoolean,
  },
};

const webAction = objectOf({
  type: isText,
  query: isString,
  queries: listOf(isString),
  url: isString,
  pattern: isString,
  sources: listOf(objectOf({ type: isText, url: isString })),
});

const isNumber: ValueCheck = value => typeof value === 'number';
const webCitation: ValueCheck = value =>
  record(value)?.['type'] === 'url_citation' &&
  hasOnly(value, {
    type: isText,
    url: isString,
    title: isString,
    start_index: isNumber,
    end_index: isNumber,
  });

/** A null value counts as absent. */
function hasOnly(value: unknown, fields: Fields): boolean {
  const object = record(value);
  return (
    object !== undefined &&
    Object.entries(object).every(
      ([name, entry]) => entry === null || (Object.hasOwn(fields, name) && fields[name]?.(entry) === true),
    )
  );
}

export function record(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}
