/** What can be wrong when people ask something of Temporal: named, with what to do. */
import { isGrpcServiceError, NamespaceNotFoundError, ServiceError } from '@temporalio/client';
import { type Trouble, troubleLine, troubleOf } from '../../domain/trouble.ts';

export type ClientProblemKind =
  /** The server does not answer. */
  | 'unreachable'
  /** The server answers; no worker does. */
  | 'no-scheduler'
  /** The namespace, its search attributes or the settings do not fit. */
  | 'unusable'
  | 'unknown-issue'
  /** Its workflow has ended: nothing can be decided any more. */
  | 'ended'
  /** The rules say no. */
  | 'refused'
  /** What was meant is not what is asked now. */
  | 'moved-on';

export class ClientProblem extends Error {
  override readonly name = 'ClientProblem';
  readonly kind: ClientProblemKind;
  readonly trouble: Trouble;
  constructor(kind: ClientProblemKind, said: Trouble | string) {
    const trouble = troubleOf(said);
    super(troubleLine(trouble));
    this.kind = kind;
    this.trouble = trouble;
  }
}

/** Numbers of gRPC status codes (grpc/doc/statuscodes.md). */
export const GRPC = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  failedPrecondition: 9,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export interface GrpcFacts {
  readonly code: number;
  readonly details: string;
}

/** The gRPC status behind an error of the SDK, wherever it is wrapped. */
export function grpcFacts(error: unknown): GrpcFacts | undefined {
  if (error instanceof ServiceError) return grpcFacts(error.cause);
  if (!isGrpcServiceError(error)) return undefined;
  return { code: error.code, details: error.details };
}

/** A server that cannot be used becomes a `ClientProblem`; any other error stays what it is. */
export function toClientProblem(error: unknown, address: string): unknown {
  if (error instanceof NamespaceNotFoundError) return noNamespace(error.message, address);
  const facts = grpcFacts(error);
  if (facts === undefined) return error;
  const { code, details } = facts;
  switch (code) {
    case GRPC.unavailable:
    case GRPC.deadlineExceeded:
      return unreachable(address);
    case GRPC.unauthenticated:
    case GRPC.permissionDenied:
      return new ClientProblem('unusable', {
        what: `Temporal at ${address} refuses access (${oneLine(details)})`,
        fix: 'check TEMPORAL_API_KEY, TEMPORAL_TLS_* and TEMPORAL_NAMESPACE',
      });
    case GRPC.notFound:
    case GRPC.invalidArgument:
      return unfit(details, address) ?? error;
    default:
      return error;
  }
}

export function unreachable(address: string): ClientProblem {
  return new ClientProblem('unreachable', {
    what: `Temporal cannot be reached at ${address}`,
    fix: 'start it with `signalbox up` or set TEMPORAL_ADDRESS',
  });
}

/** The server has one status for both and says which in words alone; `details` are its own, and never translated. */
function unfit(details: string, address: string): ClientProblem | undefined {
  if (/search attribute/i.test(details)) {
    return new ClientProblem('unusable', {
      what: `Temporal at ${address}: ${oneLine(details)}`,
      fix: '`signalbox doctor` names the missing ones and how to add them',
    });
  }
  return /namespace/i.test(details) ? noNamespace(details, address) : undefined;
}

function noNamespace(details: string, address: string): ClientProblem {
  return new ClientProblem('unusable', {
    what: `Temporal at ${address}: ${oneLine(details)}`,
    fix: 'set TEMPORAL_NAMESPACE to one that exists',
  });
}

const DETAILS_CHARS_MAX = 200;

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, DETAILS_CHARS_MAX);
}
