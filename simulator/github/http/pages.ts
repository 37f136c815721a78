/** Pagination: page and per_page, and the Link header by repository id, as on GitHub. */
import type { Json } from '../model.ts';
import type { Call, Reply } from './exchange.ts';

const PER_PAGE_MAX = 100;

function positive(value: string | null, fallback: number): number {
  const number = Number(value ?? fallback);
  return Number.isInteger(number) && number > 0 ? number : fallback;
}

export function pageOf<T>(
  query: URLSearchParams,
  items: readonly T[],
): { page: number; last: number; shown: T[] } {
  const size = Math.min(positive(query.get('per_page'), 30), PER_PAGE_MAX);
  const page = positive(query.get('page'), 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  return { page, last, shown: items.slice((page - 1) * size, page * size) };
}

export function paginated<T>(call: Call, items: readonly T[], render: (item: T) => Json): Reply {
  const { page, last, shown } = pageOf(call.query, items);
  return { status: 200, body: shown.map(render), headers: linkHeader(call, page, last) };
}

export function linkHeader(call: Call, page: number, last: number): Record<string, string> {
  if (last === 1) return {};
  const to = (target: number, rel: string): string => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(target));
    const tail = call.params['*'] ?? '';
    return `<${call.world.apiUrl}/repositories/${call.repository.id}${tail}?${query.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [to(page - 1, 'prev')] : []),
    ...(page < last ? [to(page + 1, 'next'), to(last, 'last')] : []),
    ...(page > 1 ? [to(1, 'first')] : []),
  ];
  return { link: links.join(', ') };
}
