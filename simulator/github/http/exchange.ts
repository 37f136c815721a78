/** Input and output of a handler (an authenticated call on one repository, a reply), and readers for the call's fields. */
import type { Account, Credential, Json, Role } from '../model.ts';
import type { Act } from '../acts/act.ts';
import type { RateLimit } from '../control/rate.ts';
import type { World } from '../world.ts';
import { ApiError } from './errors.ts';

export interface RawRequest {
  readonly method: string;
  /** Without base path and query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Fields {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Json;
}

/** A call on a repository. `actor` is the caller, `role` the caller's role there. */
export interface Call extends Act, Fields {
  readonly role: Role;
  readonly credential: Credential;
}

export interface GlobalCall extends Fields {
  readonly world: World;
  readonly actor: Account | null;
  readonly rate: RateLimit;
  readonly authorization: string;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const created = (body: unknown): Reply => ({ status: 201, body });
export const noContent: Reply = { status: 204 };

export const param = (call: { params: Readonly<Record<string, string>> }, name: string): string =>
  call.params[name] ?? '';

const wrongType = (name: string, wanted: string): ApiError =>
  new ApiError(422, `Invalid request.\n\nFor 'properties/${name}', the value is not a ${wanted}.`);

/** A string field, or undefined when it is absent. */
export function text(body: Json, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(name, 'string');
  return value;
}

export function requiredText(body: Json, name: string): string {
  const value = text(body, name);
  if (value === undefined) throw new ApiError(422, `Invalid request.\n\n"${name}" wasn't supplied.`);
  return value;
}

export function flag(body: Json, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongType(name, 'boolean');
  return value;
}

/** A list of strings; GitHub also takes `{name}` objects in label lists. */
export function textList(body: Json, name: string): string[] | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw wrongType(name, 'array');
  return value.map(item => {
    if (typeof item === 'string') return item;
    const inner = (item as { name?: unknown } | null)?.name;
    if (typeof inner !== 'string') throw wrongType(name, 'array of strings');
    return inner;
  });
}

/** The field, if it is one of the allowed values. */
export const word = <T extends string>(value: string | undefined, allowed: readonly T[]): T | undefined =>
  allowed.find(one => one === value);
