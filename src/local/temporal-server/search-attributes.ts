/** Our search attributes, and the names that Temporal's API and its CLI give to their types. */
import { defineSearchAttributeKey, type SearchAttributeType } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../../contracts/names.ts';

/** What `defineSearchAttributeKey` makes. */
export type SearchAttributeKeys = readonly { readonly name: string; readonly type: SearchAttributeType }[];

/** As in the enumeration `IndexedValueType` of Temporal's API. */
export const typeNumbers: Readonly<Record<SearchAttributeType, number>> = {
  TEXT: 1,
  KEYWORD: 2,
  INT: 3,
  DOUBLE: 4,
  BOOL: 5,
  DATETIME: 6,
  KEYWORD_LIST: 7,
};

/** As in `temporal server start-dev --search-attribute Name=Type`. */
export const typeWords: Readonly<Record<SearchAttributeType, string>> = {
  TEXT: 'Text',
  KEYWORD: 'Keyword',
  INT: 'Int',
  DOUBLE: 'Double',
  BOOL: 'Bool',
  DATETIME: 'Datetime',
  KEYWORD_LIST: 'KeywordList',
};

/** What a namespace must have before an issue's workflow can be started in it. */
export function ourSearchAttributes(): SearchAttributeKeys {
  return Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) =>
    type === 'Int' ? defineSearchAttributeKey(name, 'INT') : defineSearchAttributeKey(name, 'KEYWORD'),
  );
}
