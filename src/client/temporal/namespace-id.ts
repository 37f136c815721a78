/** The identity of a Temporal namespace, which stays the same when its database is restored elsewhere. */
import type { WorkflowService } from '@temporalio/client';

/** Either of the SDK's connections. */
export interface NamespaceQuestion {
  readonly connection: { readonly workflowService: WorkflowService };
  readonly namespace: string;
}

export async function namespaceId({ connection, namespace }: NamespaceQuestion): Promise<string> {
  const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace });
  return namespaceInfo?.id ?? '';
}
