/** The generated parts of docs/monitoring.md: the tables of metrics, and one section for each alert rule. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { code, markdownTable } from './markdown.ts';
import { type DescribedMetric, OUR_METRICS, SDK_METRICS } from './metric-names.ts';

const RulesFile = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          for: z.string(),
          labels: z.object({ severity: z.enum(['critical', 'warning', 'info']) }),
          annotations: z.object({ summary: z.string(), description: z.string(), runbook_url: z.url() }),
        }),
      ),
    }),
  ),
});

export type AlertRule = z.infer<typeof RulesFile>['groups'][number]['rules'][number];

export function alertRules(root: URL): readonly AlertRule[] {
  const text = readFileSync(new URL('deploy/prometheus/alerts.yml', root), 'utf8');
  return RulesFile.parse(parse(text)).groups.flatMap(({ rules }) => rules);
}

/** Replaces what stands between `<!-- NAME -->` and `<!-- end of NAME -->`. */
export function monitoringPage(page: string, root: URL): string {
  const parts = {
    metrics: metricTable(OUR_METRICS),
    'metrics of the SDK': metricTable(SDK_METRICS),
    alerts: alertRules(root).map(alertSection).join('\n\n'),
  };
  return Object.entries(parts).reduce((text, [name, part]) => withPart(text, name, part), page);
}

function withPart(page: string, name: string, part: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/monitoring.md has no place for: ${name}`);
  return `${page.slice(0, from)}${begin}\n\n${part}\n\n${page.slice(to)}`;
}

function metricTable(metrics: readonly DescribedMetric[]): string {
  return markdownTable(
    ['metric', 'kind', 'labels', 'served by', 'means'],
    metrics.map(({ name, kind, labels, servedBy, help }) => [
      code(name),
      kind,
      labels.map(code).join(', '),
      servedBy.join(', '),
      help,
    ]),
  );
}

function alertSection({ alert, expr, labels, annotations, for: lasts }: AlertRule): string {
  const after = lasts === '0m' ? '' : ` for ${lasts}`;
  return [
    `### ${alert}`,
    '',
    `${annotations.summary} Severity: ${labels.severity}.`,
    '',
    annotations.description,
    '',
    `Fires when this holds${after}:`,
    '',
    '```promql',
    expr.trim(),
    '```',
  ].join('\n');
}
