/** Validates requests and responses against GitHub's published OpenAPI (the committed subset), without network. */
import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

export interface RestExchange {
  readonly method: string;
  /** OpenAPI path template. */
  readonly route: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseBody: unknown;
}

type Json = Record<string, unknown>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: Json;
}

interface Operation {
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

/** Answers that every operation can give, although GitHub does not list them for each (304 for the issue list, say). */
const alwaysAllowed = new Set([301, 304, 401, 403, 404, 429, 500, 502, 503]);

const file = new URL('../contract/openapi/github.json', import.meta.url);
const description = JSON.parse(readFileSync(file, 'utf8')) as Description;

/**
 * Translates OpenAPI 3.0 to JSON Schema: `nullable`, and references into one shared document. GitHub's alternatives are open
 * schemas, so a body can match several of them; "one of" becomes "any of".
 */
function translate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(translate);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, oneOf, ...rest } = value as Json;
  if (oneOf !== undefined) return translate({ ...rest, nullable, anyOf: oneOf });
  const schema: Json = Object.fromEntries(
    Object.entries(rest).map(([key, inner]) => [key, translate(inner)]),
  );
  if (typeof schema.$ref === 'string')
    schema.$ref = schema.$ref.replace('#/components/', 'github#/components/');
  return nullable === true ? orNull(schema) : schema;
}

function orNull(schema: Json): Json {
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = Array.isArray(schema.enum) ? { enum: [...(schema.enum as unknown[]), null] } : {};
  return { ...schema, ...values, type: [schema.type, 'null'] };
}

// `allErrors` stays off: on a union of forty event types it would cost more than everything else
const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
// GitHub documents "" as the default of a deployment status's links
ajv.addFormat('uri', value => value === '' || URL.canParse(value));
ajv.addFormat('repo.nwo', true);
ajv.addFormat('timestamp', true);
ajv.addSchema({ $id: 'github', components: translate(description.components) });

function resolve(value: Json): Json {
  if (typeof value.$ref !== 'string') return value;
  const [, , kind = '', name = ''] = value.$ref.split('/');
  return description.components[kind]?.[name] ?? {};
}

function bodySchema(holder: Json | undefined): Json | undefined {
  const content =
    holder === undefined ? undefined : (resolve(holder).content as Record<string, Json> | undefined);
  return content?.['application/json']?.schema as Json | undefined;
}

const compiled = new Map<string, ValidateFunction>();

function check(key: string, schema: Json, value: unknown): string[] {
  let validate = compiled.get(key);
  if (validate === undefined) {
    validate = ajv.compile(translate(schema) as Json);
    compiled.set(key, validate);
  }
  return validate(value) ? [] : describe(key, validate.errors ?? []);
}

const describe = (key: string, errors: readonly ErrorObject[]): string[] =>
  errors.slice(0, 5).map(error => `${key}: ${error.instancePath || '/'} ${error.message ?? ''}`);

function requestProblems(key: string, operation: Operation, exchange: RestExchange): string[] {
  const declared = (operation.parameters ?? []).map(parameter => resolve(parameter) as unknown as Parameter);
  const names = new Set(
    declared.filter(parameter => parameter.in === 'query').map(parameter => parameter.name),
  );
  const strangers = Object.keys(exchange.query).filter(name => !names.has(name));
  const problems = strangers.map(name => `${key}: GitHub knows no query parameter ${name}`);
  const schema = bodySchema(operation.requestBody);
  if (exchange.requestBody === undefined) return problems;
  if (schema === undefined) return [...problems, `${key}: GitHub takes no body here`];
  return [
    ...problems,
    ...strangeKeys(key, schema, exchange.requestBody),
    ...check(`${key} request`, schema, exchange.requestBody),
  ];
}

/** GitHub's schemas are open and accept misspelt fields, so compare top-level names here. */
function strangeKeys(key: string, schema: Json, body: unknown): string[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const known = new Set(propertyNames(schema));
  if (known.size === 0) return [];
  return Object.keys(body)
    .filter(name => !known.has(name))
    .map(name => `${key}: GitHub knows no field ${name}`);
}

function propertyNames(schema: Json): string[] {
  const own = Object.keys((resolve(schema).properties as Json | undefined) ?? {});
  const unions = ['oneOf', 'anyOf', 'allOf'].flatMap(kind => (schema[kind] as Json[] | undefined) ?? []);
  return [...own, ...unions.flatMap(propertyNames)];
}

function responseProblems(key: string, operation: Operation, exchange: RestExchange): string[] {
  const { status, responseBody } = exchange;
  const listed = operation.responses[String(status)];
  if (listed === undefined) return alwaysAllowed.has(status) ? [] : [`${key}: GitHub answers no ${status}`];
  const schema = bodySchema(listed);
  if (schema === undefined)
    return responseBody === undefined || status >= 400 ? [] : [`${key} ${status}: unexpected body`];
  return check(`${key} ${status}`, schema, responseBody);
}

/** The problems of this exchange by GitHub's description; empty when there are none. */
export function exchangeProblems(exchange: RestExchange): string[] {
  const key = `${exchange.method} ${exchange.route}`;
  const operation = description.paths[exchange.route]?.[exchange.method.toLowerCase()];
  if (operation === undefined)
    return [`${exchange.method} ${exchange.path}: not among the described operations`];
  // a refused request can be invalid
  const asked = exchange.status < 400 ? requestProblems(key, operation, exchange) : [];
  return [...asked, ...responseProblems(key, operation, exchange)];
}

/** Every operation in the subset, as "METHOD /path". */
export const describedOperations = (): string[] =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
  );
