/** docker-compose.yml as data: merged, with the defaults of its variables. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export const root = path.join(import.meta.dirname, '../../..');

export interface Service {
  readonly [key: string]: unknown;
  readonly profiles?: readonly string[];
  readonly image?: string;
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly security_opt?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly restart?: string;
}

export interface Network {
  readonly internal?: boolean;
  readonly driver_opts?: Readonly<Record<string, string>>;
  readonly ipam?: { readonly config: readonly { readonly subnet: string }[] };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, Network>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

export const composeText = readFileSync(path.join(root, 'docker-compose.yml'), 'utf8');

export function parseCompose(text: string): ComposeFile {
  return parse(withDefaults(text), { merge: true, maxAliasCount: -1 }) as ComposeFile;
}

export const compose = parseCompose(composeText);

export interface Variable {
  readonly name: string;
  /** Without it Compose has no value or stops. */
  readonly hasDefault: boolean;
}

/** The variables that Compose replaces, but not those of comments. */
export function variablesIn(text: string): readonly Variable[] {
  const code = text.replaceAll(/^\s*#.*$/gm, '');
  return [...code.matchAll(/\$\{(\w+)(:?[-?+])?/g)].map(([, name = '', operator = '']) => ({
    name,
    hasDefault: operator.endsWith('-'),
  }));
}

/** A whole merge key replaces what `<<` brings, so only defaults are filled in here. */
function withDefaults(text: string): string {
  return text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
}

/** A job ends by itself. */
export function isJob({ restart }: Service): boolean {
  return restart === 'no';
}
