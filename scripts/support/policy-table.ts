/** The table of every field of the policy file, from its published JSON Schema. */
import { z } from 'zod';
import { DURATION_FORM } from '../../src/config/duration.ts';
import { policyJsonSchema } from '../../src/config/policy-schema.ts';
import { code, markdownTable } from './markdown.ts';

const nodeSchema = z.looseObject({
  type: z.string().optional(),
  const: z.number().optional(),
  enum: z.array(z.union([z.string(), z.boolean()]).transform(String)).optional(),
  pattern: z.string().optional(),
  format: z.string().optional(),
  maxLength: z.number().optional(),
  maximum: z.number().optional(),
  maxItems: z.number().optional(),
  items: z.unknown().optional(),
  default: z.json().optional(),
  description: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
});
type SchemaNode = z.infer<typeof nodeSchema>;

export interface PolicyField {
  /** `limits.silence` */
  readonly name: string;
  readonly node: SchemaNode;
}

/** A field has a description; a map without one only contains fields. */
export function policyFields(schema: unknown = policyJsonSchema(), prefix = ''): readonly PolicyField[] {
  const { properties = {} } = nodeSchema.parse(schema);
  return Object.entries(properties).flatMap(([key, inner]) => {
    const node = nodeSchema.parse(inner);
    const name = `${prefix}${key}`;
    return node.description === undefined && node.properties !== undefined
      ? policyFields(node, `${name}.`)
      : [{ name, node }];
  });
}

export function policyTable(fields: readonly PolicyField[] = policyFields()): string {
  return markdownTable(
    ['field', 'default', 'takes', 'means'],
    fields.map(({ name, node }) => [code(name), defaultOf(node), takes(node), node.description ?? '']),
  );
}

const SHOWN_ITEMS_MAX = 5;

function defaultOf({ default: value }: SchemaNode): string {
  if (value === undefined) return 'none, required';
  if (value === '') return 'empty';
  if (Array.isArray(value))
    return value.length > SHOWN_ITEMS_MAX ? 'see below' : code(`[${value.map(item).join(', ')}]`);
  return typeof value === 'object' ? 'empty' : code(item(value));
}

/** As YAML: a value that starts with a star needs quotes. */
function item(value: z.core.util.JSONType): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.startsWith('*') ? `'${text}'` : text;
}

function takes(node: SchemaNode): string {
  if (node.const !== undefined) return code(String(node.const));
  if (node.enum !== undefined) return names(node.enum);
  if (node.properties !== undefined) return `lists ${names(Object.keys(node.properties))}`;
  if (node.type === 'object') return mapKind(node);
  if (node.type === 'array') return listKind(node);
  if (node.type === 'string') return textKind(node);
  if (node.type === 'boolean') return '`true`, `false`';
  return `${node.type ?? 'number'}${atMost(node.maximum)}`;
}

function mapKind({ additionalProperties }: SchemaNode): string {
  const { enum: choices } = nodeSchema.parse(additionalProperties ?? {});
  return choices === undefined ? 'map' : `map to ${names(choices)}`;
}

function listKind({ items, maxItems }: SchemaNode): string {
  const { enum: choices } = nodeSchema.parse(items);
  return choices === undefined ? `list${atMost(maxItems)}` : `list of ${names(choices)}`;
}

function textKind({ pattern, maxLength }: SchemaNode): string {
  if (pattern === DURATION_FORM.source) return 'duration';
  return maxLength === undefined ? 'text' : `text${atMost(maxLength)} characters`;
}

const names = (texts: readonly string[]): string => texts.map(code).join(', ');
const atMost = (bound: number | undefined): string => (bound === undefined ? '' : `, at most ${bound}`);
