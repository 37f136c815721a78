/** Lists that outsiders make long: taken in portions, of which none is forgotten. */
import { readable } from '../../../../src/domain/due.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { nextUpkeep } from '../../../../src/domain/upkeep.ts';
import { must as is } from '../../life/invariants.ts';
import { after, AUTO, check, present, type Probe, Scene } from '../scene.ts';

export const PORTION_PROBES: readonly Probe[] = [
  check('outsiders wrote thousands of commands', () => {
    const state = after(new Scene(AUTO).until('merge').world.state, { type: 'poked', facets: ['comments'] });
    const withRecords = (count: number): IssueState => {
      const one = present(state.audit.records[0], 'record');
      const records = Array.from({ length: count }, () => one);
      return { ...state, audit: { ...state.audit, records } };
    };
    is('19 read', nextUpkeep(withRecords(400))?.kind === 'look', 'records delay a look');
    is('16 archived', nextUpkeep(withRecords(401))?.kind === 'archive-audit', 'looks delay the archive');
    const stopped = { ...withRecords(401), archiveStopped: true };
    is('19 read', nextUpkeep(stopped)?.kind === 'look', 'a stopped archive stops looks');
    const comments = { commands: [], lastId: state.commentsReadTo + 1, status: null };
    const read = (more: object): IssueState =>
      after(state, {
        type: 'observed',
        observation: { facets: ['comments'], comments: { ...comments, ...more } },
        mark: state.mark,
      });
    is('19 read', !readable(read({})).includes('comments'), 'comments are read again and again');
    is(
      '19 read',
      readable(read({ more: true })).includes('comments'),
      'the rest of the comments is not read',
    );
  }),
];
