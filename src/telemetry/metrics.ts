/** The metrics of one process: counted in memory, bounded in number, written as Prometheus' text. */
import { METRICS, type MetricName, type MetricRow, SERIES_MAX } from './metric-table.ts';
import { type Family, type Labels, prometheusText, type Sample } from './series.ts';

export type LabelsOf<Name extends MetricName> = Readonly<
  Record<(typeof METRICS)[Name]['labels'][number], string>
>;

export type NamesOf<Kind extends MetricRow['kind']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];

export interface Metrics {
  /** Adds to a counter; `by` is not negative. */
  add<Name extends NamesOf<'counter'>>(name: Name, labels: LabelsOf<Name>, by?: number): void;
  set<Name extends NamesOf<'gauge'>>(name: Name, labels: LabelsOf<Name>, value: number): void;
  /** Replaces all series of a gauge: what is not named any more is gone. */
  replace<Name extends NamesOf<'gauge'>>(
    name: Name,
    series: readonly { readonly labels: LabelsOf<Name>; readonly value: number }[],
  ): void;
  /** Histograms have no labels. */
  observe(name: NamesOf<'histogram'>, value: number): void;
  /** Called before each answer, for gauges whose values are read when somebody asks. */
  beforeText(read: () => void | Promise<void>): void;
  text(): Promise<string>;
}

interface Series {
  readonly labels: Labels;
  value: number;
  /** Of a histogram: how many values are in each bucket, not summed up. */
  readonly counts: number[];
}

type AllSeries = Map<string, Series>;

export function createMetrics(): Metrics {
  const families = new Map<MetricName, AllSeries>();
  const reads: (() => void | Promise<void>)[] = [];
  const seriesOf = (name: MetricName, labels: Labels): Series => {
    const all = families.get(name) ?? new Map<string, Series>();
    families.set(name, all);
    return theSeries(METRICS[name], all, labels);
  };
  return {
    add: (name, labels, by = 1) => void (seriesOf(name, labels).value += by),
    set: (name, labels, value) => void (seriesOf(name, labels).value = value),
    replace(name, series) {
      families.set(name, new Map());
      for (const { labels, value } of series) seriesOf(name, labels).value += value;
    },
    observe(name, value) {
      const { buckets } = METRICS[name];
      const series = seriesOf(name, {});
      const at = buckets.findIndex(bound => value <= bound);
      const bucket = at < 0 ? buckets.length : at;
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
      series.value += value;
    },
    beforeText: read => void reads.push(read),
    async text() {
      // One that fails leaves its metrics as they were.
      await Promise.allSettled(reads.map(async read => await read()));
      return prometheusText([...families].map(([name, all]) => family(name, [...all.values()])));
    },
  };
}

/** Label values may come from outside: beyond the bound, further ones are counted together. */
function theSeries(
  { labels: names, seriesMax = SERIES_MAX }: MetricRow,
  all: AllSeries,
  given: Labels,
): Series {
  const values = names.map(name => given[name] ?? '');
  const known = all.get(values.join('\n'));
  if (known !== undefined) return known;
  const isFull = names.length > 0 && all.size >= seriesMax - 1;
  const kept = isFull ? names.map(() => 'other') : values;
  const key = kept.join('\n');
  const labels = Object.fromEntries(names.map((name, at) => [name, kept[at] ?? '']));
  const series = all.get(key) ?? { labels, value: 0, counts: [] };
  all.set(key, series);
  return series;
}

function family(name: MetricName, all: readonly Series[]): Family {
  const row: MetricRow = METRICS[name];
  const { kind, help, buckets = [] } = row;
  const samples = kind === 'histogram' ? all.flatMap(series => histogram(series, buckets)) : all;
  return { name, kind, help, samples };
}

function histogram({ labels, value, counts }: Series, buckets: readonly number[]): readonly Sample[] {
  let sum = 0;
  const samples = [...buckets, Infinity].map((bound, at) => {
    sum += counts[at] ?? 0;
    return {
      suffix: '_bucket',
      labels: { ...labels, le: bound === Infinity ? '+Inf' : String(bound) },
      value: sum,
    };
  });
  return [...samples, { suffix: '_sum', labels, value }, { suffix: '_count', labels, value: sum }];
}
