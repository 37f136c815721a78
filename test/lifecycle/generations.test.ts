/** A reopened issue starts a new generation, with real processes: webhook and scan find it, and nothing carries over. */
import { expect, test } from '@jest/globals';
import { connectTemporal, temporalSettings } from '../../src/client/temporal/connection.ts';
import { type IssueLook, lookAtIssue } from '../../src/client/temporal/look.ts';
import { repositoryName } from '../../src/domain/issue-ref.ts';
import { PERSON } from '../../demo/project.ts';
import type { Stage } from '../../demo/stage.ts';
import { until } from '../support/until.ts';
import { playLine } from './support/line.ts';

const LIMIT_MS = 150_000;
const WAIT_MS = 60_000;

async function lookOf(stage: Stage): Promise<IssueLook> {
  const temporal = await connectTemporal(temporalSettings(stage.settings));
  try {
    return await lookAtIssue(temporal, stage.issue);
  } finally {
    await temporal.close();
  }
}

test(
  'an issue that is reopened after its release asks at the start gate again; decisions for its first generation are refused',
  async () => {
    let firstDigest = '';
    await playLine({
      timeoutMs: LIMIT_MS,
      onChapter: ({ view }) => {
        if (view.hold?.gate === 'start') firstDigest = view.hold.digest ?? '';
      },
      inspect: async stage => {
        const person = stage.github.admin.as(PERSON, repositoryName(stage.issue));
        person.comment(stage.issue.number, '/cancel said too late');
        person.reopenIssue(stage.issue.number);
        const asked = await until(
          'the second generation at its start gate',
          async () => {
            const look = await lookOf(stage);
            return look.kind === 'running' && look.view?.hold?.gate === 'start' ? look.view : undefined;
          },
          WAIT_MS,
        );
        expect(asked).toMatchObject({ generation: 2, stage: 'triage', branch: null, pullRequest: null });
        expect(asked.hold?.digest).not.toBe(firstDigest);

        person.comment(
          stage.issue.number,
          `/approve start ${firstDigest.replace('sha256:', '').slice(0, 12)}`,
        );
        await until(
          'the old digest is refused',
          async () => {
            const look = await lookOf(stage);
            const refused = look.kind === 'running' ? look.view?.refusedDecision : null;
            return refused?.includes('is not the one to approve now') === true ? true : undefined;
          },
          WAIT_MS,
        );
        person.comment(stage.issue.number, '/cancel');
        const ended = await until(
          'the end of the second generation',
          async () => {
            const look = await lookOf(stage);
            return look.kind === 'closed' ? look.view : undefined;
          },
          WAIT_MS,
        );
        expect(ended).toMatchObject({ generation: 2, stage: 'cancelled' });
        const { comments } = stage.github.admin.repositories.get(repositoryName(stage.issue));
        const status = [...comments.values()].filter(({ body }) => body.includes('<!-- signalbox:status'));
        expect(status.map(({ body }) => /signalbox:status (\S+)/.exec(body)?.[1])).toEqual(['1.1', '1.2']);
      },
    });
    expect(firstDigest).not.toBe('');
  },
  LIMIT_MS,
);
