/** The files in .github: they parse, forms have only keys that GitHub supports, workflows have few permissions. */
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const root = path.join(import.meta.dirname, '../..');
const folder = path.join(root, '.github');
const read = (name: string): unknown => parse(readFileSync(path.join(folder, name), 'utf8'));
const inFolder = (name: string): string[] =>
  readdirSync(path.join(folder, name)).map(file => `${name}/${file}`);

// docs.github.com: "Syntax for issue forms" and "Syntax for GitHub's form schema".
const text = z.string().min(1);
const validations = z.strictObject({ required: z.boolean() });
const shared = { label: text, description: text.optional() };
const element = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('markdown'), attributes: z.strictObject({ value: text }) }),
  z.strictObject({
    type: z.literal('textarea'),
    id: text,
    attributes: z.strictObject({ ...shared, placeholder: text.optional(), render: text.optional() }),
    validations: validations.optional(),
  }),
  z.strictObject({
    type: z.literal('input'),
    id: text,
    attributes: z.strictObject({ ...shared, placeholder: text.optional() }),
    validations: validations.optional(),
  }),
  z.strictObject({
    type: z.literal('dropdown'),
    id: text,
    attributes: z.strictObject({ ...shared, options: z.array(text).min(1) }),
    validations: validations.optional(),
  }),
]);
const form = z.strictObject({
  name: text,
  description: text,
  labels: z.array(text).optional(),
  body: z
    .array(element)
    .refine(parts => parts.some(({ type }) => type !== 'markdown'), 'at least one question')
    .refine(parts => {
      const ids = parts.flatMap(part => ('id' in part ? [part.id] : []));
      return new Set(ids).size === ids.length;
    }, 'no id twice'),
});

describe('issue forms', () => {
  const forms = inFolder('ISSUE_TEMPLATE').filter(name => !name.endsWith('/config.yml'));
  test.each(forms)('%s is valid for GitHub', name => {
    expect(form.safeParse(read(name)).error?.issues ?? []).toEqual([]);
  });

  test('the chooser lists the private way to report vulnerabilities first', () => {
    const { contact_links } = z
      .strictObject({
        blank_issues_enabled: z.boolean(),
        contact_links: z.array(z.strictObject({ name: text, url: z.url(), about: text })),
      })
      .parse(read('ISSUE_TEMPLATE/config.yml'));
    const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
    const { bugs } = z.object({ bugs: z.string() }).parse(JSON.parse(manifest));
    expect(contact_links[0]?.url).toBe(bugs.replace(/issues$/, 'security/advisories/new'));
  });
});

describe('workflows', () => {
  const step = z.object({ uses: z.string().optional(), run: z.string().optional() });
  const job = z.object({ 'timeout-minutes': z.number(), steps: z.array(step) });
  const workflow = z.object({
    permissions: z.strictObject({ contents: z.literal('read') }),
    concurrency: z.object({ group: text }),
    jobs: z.record(z.string(), job),
  });

  test.each(inFolder('workflows'))(
    '%s can only read, has a timeout, and pins a version of each action',
    name => {
      const { jobs } = workflow.parse(read(name));
      const uses = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(one => one.uses ?? []));
      expect(uses.filter(action => !/^[\w-]+\/[\w-]+@(?:v\d+|[0-9a-f]{40})$/.test(action))).toEqual([]);
    },
  );

  test('CI runs npm test on the oldest and the newest Node', () => {
    const { test: job } = z
      .object({ test: z.object({ strategy: z.object({ matrix: z.unknown() }), steps: z.array(step) }) })
      .parse((read('workflows/ci.yml') as { jobs: unknown }).jobs);
    expect(job.strategy.matrix).toEqual({ node: [20, 24] });
    expect(job.steps.at(-1)).toEqual({ run: 'npm test' });
  });
});

test('the dependency bot checks packages and actions', () => {
  const update = z.object({ 'package-ecosystem': text, groups: z.record(z.string(), z.object({})) });
  const { updates } = z
    .strictObject({ version: z.literal(2), updates: z.array(update) })
    .parse(read('dependabot.yml'));
  expect(updates.map(one => one['package-ecosystem'])).toEqual(['npm', 'github-actions']);
});
