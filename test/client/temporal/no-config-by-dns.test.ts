/** In a network without a name server nothing may be asked that nobody answers: such a query keeps a process from ending. */
import { promises as dns } from 'node:dns';
import { afterEach, expect, jest, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { connectTemporal, temporalSettings } from '../../../src/client/temporal/connection.ts';

// Nothing listens there, and the name is looked up before that shows.
const ADDRESS = 'localhost:1';

afterEach(() => {
  jest.restoreAllMocks();
});

test('a connection asks for no settings by DNS', async () => {
  const asked = jest.spyOn(dns, 'resolveTxt').mockResolvedValue([]);
  await expect(connectTemporal(temporalSettings({ TEMPORAL_ADDRESS: ADDRESS }))).rejects.toThrow(ADDRESS);
  expect(asked).not.toHaveBeenCalled();
  // The control: gRPC does it where it is not told otherwise.
  await expect(Connection.connect({ address: ADDRESS, connectTimeout: 500 })).rejects.toThrow();
  expect(asked).toHaveBeenCalled();
});
