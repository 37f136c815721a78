/** What people read of a call: its text, the notice for a chat, and the label of the rung. */
import { describe, expect, test } from '@jest/globals';
import { callText, noticeText } from '../../src/domain/call-text.ts';
import { projection } from '../../src/domain/projection.ts';
import type { CallPlan } from '../../src/domain/step.ts';
import { Scene } from './mutants/scene.ts';

describe('the labels', () => {
  test('say the rung', () => {
    const asked = new Scene({ mode: 'auto-run' }).flow();
    const rungs = [projection(asked.world.state).labels];
    for (let timers = 0; timers < 3; timers += 1) {
      asked.world.advanceToTimer();
      asked.flow();
      rungs.push(projection(asked.world.state).labels);
    }
    expect(rungs.map(labels => labels.slice(1))).toEqual([
      ['ai:gate-merge'],
      ['ai:gate-merge', 'ai:reminded'],
      ['ai:gate-merge', 'ai:escalated'],
      ['ai:gate-merge', 'ai:parked'],
    ]);
  });
});

describe('the text', () => {
  const call: CallPlan = {
    ...{ seq: 3, ask: 'gate:merge/1', answers: 0, rung: 'reminded', hold: 'gate:merge' },
    ...{ marker: '<!-- signalbox:call 7.1.3 -->', to: ['@ann'], otherwise: [], assign: [], reviewers: [] },
    ...{ paths: [], pullRequest: 70, status: 'https://git.example/shop/issues/7#issuecomment-1' },
    what: 'approve the pull request in a review, or /approve merge 0123456789ab',
    why: 'every merge is a decision of a person',
  };

  test('mentions whom it is for, and says what to do', () => {
    expect(callText(call, ['@ann', '@acme/core'])).toBe(
      [
        '@ann @acme/core the merge gate waits for a decision: `approve the pull request in a review, or /approve merge 0123456789ab`',
        '',
        '- why: every merge is a decision of a person',
        '- see: pull request #70, [status](https://git.example/shop/issues/7#issuecomment-1)',
        '- This is a reminder: nobody has acted yet.',
        '',
        'This comment is removed when nothing is left to do here.',
        '<!-- signalbox:call 7.1.3 -->',
      ].join('\n'),
    );
  });

  test('mentions nobody else and commands nothing, whatever the reason says', () => {
    const why = '@everyone closes #1 `\n/approve start\n<!-- signalbox:status 7.1 -->';
    const text = callText({ ...call, why, what: 'see `@bob`\n/merge' }, ['@ann']);
    expect(text.replace(/`[^`]*`/g, '').match(/@[a-z]+/g)).toEqual(['@ann']);
    expect(text).not.toMatch(/^\s*\//m);
    expect(text.match(/<!--/g)).toHaveLength(1);
  });

  test('for a chat has no mention and no markup of others', () => {
    const notice = {
      ...call,
      who: ['@ann'],
      url: 'https://git.example/shop/issues/7',
      title: '<!channel> *x* @here',
    };
    const text = noticeText(notice, 'acme/shop#7');
    expect(text).not.toMatch(/[<>*@]/);
    expect(text).toContain('acme/shop#7');
    expect(text).toContain('https://git.example/shop/issues/7');
    const linked = noticeText(
      { ...notice, title: 'see https://evil.example and www.evil.example' },
      'acme/shop#7',
    );
    expect(linked.match(/https?:\/\/|www\.\w/g)).toEqual(['https://']);
  });
});
