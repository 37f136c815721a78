/** Rules for the Dockerfile, each with a broken copy that it refuses. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './support/compose-file.ts';

const dockerfile = readFileSync(path.join(root, 'Dockerfile'), 'utf8');

interface Stage {
  readonly name: string;
  readonly from: string;
  /** Instructions, with continued lines joined. */
  readonly lines: readonly string[];
}

function stagesOf(text: string): readonly Stage[] {
  const lines = text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter(line => line !== '');
  const starts = lines.flatMap((line, index) => (line.startsWith('FROM ') ? [index] : []));
  return starts.map((start, index) => {
    const [, from = '', , name = ''] = /^FROM (\S+)( AS (\S+))?$/.exec(lines[start] ?? '') ?? [];
    return { name, from, lines: lines.slice(start + 1, starts[index + 1]) };
  });
}

/** As sentences; a stage that is only named takes all from another. */
function problemsOf(text: string): readonly string[] {
  const stages = stagesOf(text);
  const shipped = stages.filter(({ name }) => name === 'signalbox' || name === 'runner');
  const all = stages.flatMap(({ lines }) => lines);
  return [
    ...(/^# *syntax=/m.test(text) ? ['a syntax line needs a registry'] : []),
    ...(all.some(line => line.includes('--mount=')) ? ['the classic builder knows no mounts'] : []),
    ...all.filter(line => /^ADD /.test(line)).map(line => `ADD: ${line}`),
    ...all.filter(line => /^COPY (?:--\S+ )?\.\/? /.test(line)).map(line => `copies everything: ${line}`),
    ...all.filter(line => /\bnpm (?:install|i)\b/.test(line)).map(line => `not from the lock file: ${line}`),
    ...all.filter(
      line =>
        /apt-get install/.test(line) && !/--no-install-recommends.*rm -rf \/var\/lib\/apt\/lists/.test(line),
    ),
    ...all
      .filter(line => /^(?:ARG|ENV) .*(?:TOKEN|SECRET|PASSWORD|_KEY)/.test(line))
      .map(line => `a secret in a layer: ${line}`),
    ...shipped
      .filter(({ lines }) => lines.findLast(line => line.startsWith('USER ')) !== 'USER node')
      .map(({ name }) => `${name} runs as root`),
    ...(shipped.length === 2 ? [] : ['a target is missing']),
    ...(stages
      .find(({ name }) => name === 'modules')
      ?.lines.some(line => line.includes('npm ci --omit=dev')) === true
      ? []
      : ['development dependencies are shipped']),
    ...(shipped.flatMap(({ lines }) => lines).some(line => /--from=build \S*node_modules/.test(line))
      ? ['the modules of the build are shipped']
      : []),
    ...stages
      .filter(({ from }) => from !== '${NODE_IMAGE}' && from !== 'signalbox')
      .map(({ from }) => `another base: ${from}`),
    ...(/^ARG NODE_IMAGE=node:\d+-bookworm-slim$/m.test(text) ? [] : ['the base has no version']),
    ...(/x86_64|amd64/.test(text) && !/aarch64|arm64/.test(text) ? ['only for one processor'] : []),
  ];
}

test('the Dockerfile keeps the rules', () => {
  expect(problemsOf(dockerfile)).toEqual([]);
});

describe('is refused:', () => {
  test.each([
    ['a syntax line', /^/, '# syntax=docker/dockerfile:1\n'],
    ['a mount', 'RUN npm ci\n', 'RUN --mount=type=cache,target=/root/.npm npm ci\n'],
    ['ADD', 'COPY scripts scripts', 'ADD scripts scripts'],
    ['a copy of the whole checkout', 'COPY src src', 'COPY . .'],
    ['npm install', 'RUN npm ci\n', 'RUN npm install\n'],
    ['packages that nobody asked for', '--no-install-recommends bubblewrap', 'bubblewrap'],
    ['a secret', 'ENV NODE_ENV', 'ENV GITHUB_TOKEN=x NODE_ENV'],
    ['root', /USER node\n(?![^]*USER node)/, ''],
    ['development dependencies', 'npm ci --omit=dev', 'npm ci'],
    ['the modules of the build', '--from=modules /app/node_modules', '--from=build /app/node_modules'],
    ['another base', 'FROM ${NODE_IMAGE} AS build', 'FROM ubuntu AS build'],
    ['a base without a version', 'node:24-bookworm-slim', 'node:latest'],
    ['one processor', /arm64\).*?;;/, ''],
  ])('%s', (_, text, instead) => {
    const copy = dockerfile.replace(text, () => instead);
    expect(copy).not.toBe(dockerfile);
    expect(problemsOf(copy)).not.toEqual([]);
  });
});
