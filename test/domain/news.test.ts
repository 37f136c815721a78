/** What a webhook makes an issue read: everything of its own, and of others only what may matter. */
import { expect, test } from '@jest/globals';
import type { News } from '../../src/domain/observation.ts';
import { readable } from '../../src/domain/due.ts';
import { inLine, IN_LINE } from './mutants/line-scene.ts';
import { after, AUTO, present, Scene, type Setting } from './mutants/scene.ts';

const UP_TO_DATE: Setting = { ...AUTO, upToDate: true };
const LOOSE: Setting = { ...AUTO, upToDate: false };

interface Row {
  readonly what: string;
  readonly news: News;
  readonly facets: readonly string[];
}

const row = (what: string, news: News, facets: readonly string[]): Row => ({ what, news, facets });

test.each<Row>([
  row('a push to the target branch', { facets: ['branch'], branch: 'main' }, []),
  row('a push to any branch', { facets: ['branch'], branch: 'feature' }, []),
  row('a push somewhere', { facets: ['branch'] }, ['pull-request']),
  row('a comment on another pull request', { facets: ['pull-request', 'comments'], pull: 99 }, []),
  row('a label of the repository', { facets: ['issue'] }, ['issue']),
])('$what', ({ news, facets }) => {
  const { state } = new Scene(UP_TO_DATE).until('merge').world;
  expect(readable(after(state, { type: 'poked', ...news }))).toEqual(facets);
});

test('a push to a target branch that need not be up to date can make a conflict, so the pull request is read', () => {
  const { state } = new Scene(LOOSE).until('merge').world;
  const next = after(state, { type: 'poked', facets: ['branch'], branch: 'main' });
  expect(readable(next)).toEqual(['pull-request']);
});

test('a push to its branch and news of its pull request are read', () => {
  const { state } = new Scene(UP_TO_DATE).until('merge').world;
  const { branch } = present(state.claim, 'claim');
  const { number } = present(state.pullRequest, 'pull request');
  expect(readable(after(state, { type: 'poked', facets: ['branch'], branch }))).toEqual(['pull-request']);
  expect(readable(after(state, { type: 'poked', facets: ['pull-request'], pull: number }))).toEqual([
    'pull-request',
  ]);
});

test('a change that waits in the line reads nothing when others are merged, and its pull request in its turn', () => {
  const life = new Scene(IN_LINE);
  inLine(life).github({ base: 'base-2' });
  life.event({ type: 'poked', facets: ['branch'], branch: 'main' });
  expect(life.world.upkeep).toBeUndefined();
  life.act('its turn comes').flow();
  expect(life.world.state.merge).toBeDefined();
});
