/** When a text counts as another edition, and what of an edition is kept from one reading to the next. */
import { editedSince, isSameEdition, sameEdition } from '../../../../src/domain/edition.ts';
import { omit } from '../../../../src/domain/omit.ts';
import { issueOf } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { check, type Probe } from '../scene.ts';

const TEXT = omit(issueOf(), 'edits');
const READ = { ...TEXT, updatedAt: 1_000, secret: 'first' };

export const EDITION_PROBES: readonly Probe[] = [
  check('edits are counted against those that were read', () => {
    const known = { edits: { count: 1, lastAt: 5 }, updatedAt: 1_000 };
    const since = (count: number, lastAt: number): string => editedSince(known, { count, lastAt });
    must('21 heard', since(1, 5) === 'no', 'an edit that was read counts as another');
    must('7 fresh', since(2, 5) === 'yes' && since(1, 6) === 'yes', 'an edit does not count');
  }),
  check('the latest edit is compared with the time of the reading', () => {
    const since = (lastAt?: number, updatedAt?: number): string =>
      editedSince(updatedAt === undefined ? {} : { updatedAt }, {
        count: 1,
        ...(lastAt === undefined ? {} : { lastAt }),
      });
    must('7 fresh', since(1_001, 1_000) === 'yes', 'a later edit does not count');
    must('7 fresh', since(1_000, 1_000) === 'unsure', 'in the second of the reading nothing is read again');
    const early = [since(999, 1_000), since(undefined, 1_000), since(1_001)];
    must('21 heard', early.join() === 'no,no,no', `an earlier edit counts: ${early.join()}`);
  }),
  check('which reading is of the same edition', () => {
    const later = { count: 1, lastAt: 1_001 };
    must('21 heard', isSameEdition(READ, TEXT), 'a reading without edits is another edition');
    must(
      '21 heard',
      isSameEdition(READ, { ...TEXT, edits: { count: 1, lastAt: 1_000 } }),
      'unsure is another',
    );
    must('7 fresh', !isSameEdition(READ, { ...TEXT, edits: later }), 'an edited text is the same edition');
    must('7 fresh', !isSameEdition(READ, issueOf({ edition: 2 })), 'another text is the same edition');
    must('7 fresh', !isSameEdition(undefined, TEXT), 'the first text is the same as none');
  }),
  check('what is kept of an edition', () => {
    const again = { ...TEXT, updatedAt: 9_000, secret: 'second', labels: ['new'] };
    const kept = sameEdition(again, { ...READ, edits: { count: 1 } });
    must('7 fresh', kept.secret === 'first' && kept.updatedAt === 1_000, 'a reading changes the edition');
    must(
      '7 fresh',
      kept.edits?.count === 1 && kept.labels[0] === 'new',
      'edits that were read are forgotten',
    );
    const read = sameEdition({ ...again, edits: { count: 2 } }, { ...READ, edits: { count: 1 } });
    must('7 fresh', read.edits?.count === 2, 'edits that are read are not kept');
    const old = sameEdition(again, TEXT);
    must(
      '18 replay',
      old.secret === undefined && !('edits' in old),
      'a text of an older build gets a secret',
    );
    must('7 fresh', old.updatedAt === 9_000, 'a text of an older build never gets a time');
    must('18 replay', !('updatedAt' in sameEdition(TEXT, TEXT)), 'a time appears from nowhere');
  }),
];
