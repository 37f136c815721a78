/** Our search attributes, and the names of their types in Temporal's API and CLI. */
import { defineSearchAttributeKey, type SearchAttributeType } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../../contracts/names.ts';

/** The result of `defineSearchAttributeKey`. */
export type SearchAttributeKeys = readonly { readonly name: string; readonly type: SearchAttributeType }[];

/** The values of the enumeration `IndexedValueType` in Temporal's API. */
export const typeNumbers: Readonly<Record<SearchAttributeType, number>> = {
  TEXT: 1,
  KEYWORD: 2,
  INT: 3,
  DOUBLE: 4,
  BOOL: 5,
  DATETIME: 6,
  KEYWORD_LIST: 7,
};

/** The type names of `temporal server start-dev --search-attribute Name=Type`. */
export const typeWords: Readonly<Record<SearchAttributeType, string>> = {
  TEXT: 'Text',
  KEYWORD: 'Keyword',
  INT: 'Int',
  DOUBLE: 'Double',
  BOOL: 'Bool',
  DATETIME: 'Datetime',
  KEYWORD_LIST: 'KeywordList',
};

/** A namespace must have these before an issue's workflow can start in it. */
export function ourSearchAttributes(): SearchAttributeKeys {
  return Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) =>
    type === 'Int' ? defineSearchAttributeKey(name, 'INT') : defineSearchAttributeKey(name, 'KEYWORD'),
  );
}

export interface AttributeComparison {
  readonly missing: SearchAttributeKeys;
  /** One that exists with another type. A server silently ignores a request to add it. */
  readonly other?: SearchAttributeKeys[number];
}

/** Compares what a namespace has, by name and number of the type, with what it must have. */
export function compareAttributes(
  present: Readonly<Record<string, unknown>>,
  wanted: SearchAttributeKeys,
): AttributeComparison {
  const other = wanted.find(
    ({ name, type }) => name in present && Number(present[name]) !== typeNumbers[type],
  );
  const missing = wanted.filter(({ name }) => !(name in present));
  return { missing, ...(other === undefined ? {} : { other }) };
}
