/** A Temporal server is usable when it answers, the namespace exists, and our search attributes exist. */
import { Connection } from '@temporalio/client';
import { LocalProblem } from '../local-problem.ts';
import { compareAttributes, typeNumbers, typeWords, type SearchAttributeKeys } from './search-attributes.ts';

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

/** Adds missing search attributes, for example in a database file of an older version. Returns what it added. */
export async function ensureSearchAttributes(
  connection: Connection,
  { namespace, searchAttributes }: Omit<ServerToCheck, 'address'>,
): Promise<SearchAttributeKeys> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const { missing, other } = compareAttributes(customAttributes, searchAttributes);
  if (other !== undefined) throw otherType(namespace, other);
  if (missing.length === 0) return [];
  const added = Object.fromEntries(missing.map(({ name, type }) => [name, typeNumbers[type]]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: added });
  return missing;
}

function otherType(namespace: string, { name, type }: SearchAttributeKeys[number]): LocalProblem {
  return new LocalProblem('search-attribute-type', {
    what: `search attribute ${name} of namespace ${namespace} exists, but not with the type ${typeWords[type]}`,
    fix: `if nothing else uses it, remove it with \`temporal operator search-attribute remove --namespace ${namespace} --name ${name}\`; otherwise use another namespace`,
  });
}
