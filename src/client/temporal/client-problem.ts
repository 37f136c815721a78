/** Named problems of a request to Temporal, each with its fix. */
import { isGrpcServiceError, NamespaceNotFoundError, ServiceError } from '@temporalio/client';
import { type Trouble, TroubleError } from '../../domain/trouble.ts';

export type ClientProblemKind =
  /** The server does not answer. */
  | 'unreachable'
  /** The server answers, but no worker does. */
  | 'no-scheduler'
  /** The namespace, its search attributes or the settings are wrong. */
  | 'unusable'
  | 'unknown-issue'
  /** Its workflow has ended and takes no more decisions. */
  | 'ended'
  /** The rules refuse the decision. */
  | 'refused'
  /** The decision is for an older gate, digest or generation. */
  | 'moved-on';

export class ClientProblem extends TroubleError {
  override readonly name = 'ClientProblem';
  readonly kind: ClientProblemKind;
  constructor(kind: ClientProblemKind, said: Trouble | string) {
    super(said);
    this.kind = kind;
  }
}

/** gRPC status codes (grpc/doc/statuscodes.md). */
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

/** The gRPC status of an SDK error, however deep it is wrapped. */
export function grpcFacts(error: unknown): GrpcFacts | undefined {
  if (error instanceof ServiceError) return grpcFacts(error.cause);
  if (!isGrpcServiceError(error)) return undefined;
  return { code: error.code, details: error.details };
}

/** Maps an error of an unusable server to a `ClientProblem`; returns any other error unchanged. */
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
        what: `Temporal at ${address} denied access (${oneLine(details)})`,
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
    what: `cannot reach Temporal at ${address}`,
    fix: 'start it with `signalbox up`, or set TEMPORAL_ADDRESS',
  });
}

/** The server uses one status for both problems; only its English `details` tell them apart. */
function unfit(details: string, address: string): ClientProblem | undefined {
  if (/search attribute/i.test(details)) {
    return new ClientProblem('unusable', {
      what: `Temporal at ${address}: ${oneLine(details)}`,
      fix: 'run `signalbox doctor`; it lists the missing ones and the command that adds them',
    });
  }
  return /namespace/i.test(details) ? noNamespace(details, address) : undefined;
}

function noNamespace(details: string, address: string): ClientProblem {
  return new ClientProblem('unusable', {
    what: `Temporal at ${address}: ${oneLine(details)}`,
    fix: 'set TEMPORAL_NAMESPACE to an existing namespace',
  });
}

const DETAILS_CHARS_MAX = 200;

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, DETAILS_CHARS_MAX);
}
