/** A Temporal server is usable when it answers, the namespace exists, and our search attributes exist. */
import { Connection } from '@temporalio/client';
import { LocalProblem } from '../local-problem.ts';
import { typeNumbers, type SearchAttributeKeys } from './search-attributes.ts';

const CONNECT_TIMEOUT_MS = 1_000;
const CALL_TIMEOUT_MS = 5_000;

export interface ServerToCheck {
  readonly address: string;
  readonly namespace: string;
  readonly searchAttributes: SearchAttributeKeys;
}

/** Throws while the server is unreachable or the namespace does not exist yet. */
export async function isServerUsable(server: ServerToCheck): Promise<boolean> {
  const connection = await Connection.connect({
    address: server.address,
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
  try {
    return await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, async () => {
      await connection.workflowService.describeNamespace({ namespace: server.namespace });
      await ensureSearchAttributes(connection, server);
      return true;
    });
  } finally {
    await connection.close();
  }
}

/**
 * Adds missing search attributes, for example in a database file of an older version. The server silently ignores a
 * request to add one that exists with another type, so this checks the types first.
 */
export async function ensureSearchAttributes(
  connection: Connection,
  { namespace, searchAttributes }: Omit<ServerToCheck, 'address'>,
): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const present = new Map(Object.entries(customAttributes));
  const other = searchAttributes.find(
    ({ name, type }) => (present.get(name) ?? typeNumbers[type]) !== typeNumbers[type],
  );
  if (other !== undefined) {
    const what = `search attribute ${other.name} of namespace ${namespace} is not of type ${other.type}`;
    throw new LocalProblem('search-attribute-type', {
      what,
      fix: 'remove it there, or use another namespace',
    });
  }
  const missing = searchAttributes.filter(({ name }) => !present.has(name));
  if (missing.length === 0) return;
  const added = Object.fromEntries(missing.map(({ name, type }) => [name, typeNumbers[type]]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: added });
}
