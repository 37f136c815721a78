/** The question for issues on other workflow code: names of pollers come from whoever reaches Temporal. */
import { describe, expect, test } from '@jest/globals';
import { QueryNotRegisteredError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { answers, otherCodeQuery } from '../../../src/client/temporal/unserved.ts';

const ours = (digit: string): string => `signalbox:${digit.repeat(64)}`;
const plain = otherCodeQuery([]);

test('the code of living schedulers is left out', () => {
  expect(otherCodeQuery([ours('a'), ours('b')])).toBe(
    `${plain} AND TemporalWorkerDeploymentVersion NOT IN ('${ours('a')}', '${ours('b')}')`,
  );
});

test.each(["o'brien:1", "x') OR ('' = '", `${ours('a')}'`, 'signalbox:not-a-build', '\\:a', ''])(
  'a poller that calls itself %j changes nothing',
  name => {
    expect(otherCodeQuery([name])).toBe(plain);
    expect(otherCodeQuery([name, ours('a')])).toBe(otherCodeQuery([ours('a')]));
  },
);

test('very many pollers do not make the question longer than the server takes', () => {
  const many = Array.from({ length: 5_000 }, (_, index) => `signalbox:${String(index).padStart(64, '0')}`);
  expect(otherCodeQuery(many).length).toBeLessThan(10_000);
});

describe('the question to an issue whose scheduler may be gone', () => {
  const issue = 'issue:acme/profile#1';
  const asked = (query: () => Promise<unknown>): Promise<boolean> => {
    const getHandle = () => ({ query });
    const withDeadline = async (_deadline: number, call: () => Promise<unknown>): Promise<unknown> =>
      await call();
    const temporal = { client: { workflow: { getHandle } }, connection: { withDeadline }, address: 'here:1' };
    return answers(temporal as never, [issue]);
  };
  const refusedWith = (code: number) => (): Promise<never> => {
    const cause = Object.assign(new Error('no'), { code, details: 'no', metadata: {} });
    return Promise.reject(new ServiceError('Failed to query Workflow', { cause }));
  };

  // gRPC's INVALID_ARGUMENT.
  const notRegistered = Object.create(QueryNotRegisteredError.prototype) as Error;

  test('an answer is an answer', async () => {
    expect(await asked(() => Promise.resolve({}))).toBe(true);
    expect(await asked(() => Promise.reject(notRegistered))).toBe(true);
    const ended = new WorkflowNotFoundError('workflow not found', issue, undefined);
    expect(await asked(() => Promise.reject(ended))).toBe(true);
  });

  test.each([
    ['the call is cancelled when its time ends between two tries', 1],
    ['its time ends', 4],
    ['earlier questions fill the buffer', 8],
    ['the server knows of no poller', 9],
  ])('nobody answers: %s', async (_why, code) => {
    expect(await asked(refusedWith(code))).toBe(false);
  });

  test.each([7, 13, 14, 16])('gRPC code %i says nothing about the scheduler', async code => {
    await expect(asked(refusedWith(code))).rejects.toThrow();
  });
});
