/** Named problems of a request to Temporal, each with its fix. */
import { isGrpcServiceError, NamespaceNotFoundError, ServiceError } from '@temporalio/client';
import { type FixableTrouble, type Trouble, TroubleError } from '../../domain/trouble.ts';

export type ClientProblemKind =
  /** The server does not answer. */
  | 'unreachable'
  /** The server answers, but no worker does. */
  | 'no-scheduler'
  /** A scheduler is at it, but GitHub keeps it waiting; it goes on by itself. */
  | 'delayed'
  /** The namespace, its search attributes or the settings are wrong. */
  | 'unusable'
  /** The server does not accept the key or certificate, or does not allow the request. */
  | 'denied'
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
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
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

/** No answer in time. The SDK cancels a call whose time ends between two of its own tries. */
export function isSilence(error: unknown): boolean {
  const code = grpcFacts(error)?.code;
  return code === GRPC.deadlineExceeded || code === GRPC.cancelled;
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
    case GRPC.cancelled:
      return unreachable(address);
    case GRPC.unauthenticated:
      return new ClientProblem('denied', {
        what: `Temporal at ${address} does not accept this program's credential (${oneLine(details)})`,
        fix: 'set TEMPORAL_API_KEY to a valid key, or TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH to an accepted certificate',
      });
    case GRPC.permissionDenied:
      return new ClientProblem('denied', {
        what: `Temporal at ${address} denied access (${oneLine(details)})`,
        fix: 'give the key or certificate write access to the namespace, or correct TEMPORAL_NAMESPACE',
      });
    case GRPC.notFound:
    case GRPC.invalidArgument:
      return unfit(details, address) ?? error;
    default:
      return error;
  }
}

export function unreachable(address: string, why?: FixableTrouble): ClientProblem {
  return new ClientProblem('unreachable', {
    what: `cannot reach Temporal at ${address}${why === undefined ? '' : `: ${why.what}`}`,
    fix: why?.fix ?? 'start it with `signalbox up`, or set TEMPORAL_ADDRESS',
  });
}

/** The server uses one status for both problems; only its English `details` tell them apart. */
function unfit(details: string, address: string): ClientProblem | undefined {
  if (/search attribute/i.test(details)) {
    return new ClientProblem('unusable', {
      what: `Temporal at ${address}: ${oneLine(details)}`,
      fix: 'run `signalbox namespace prepare`',
    });
  }
  return /namespace/i.test(details) ? noNamespace(details, address) : undefined;
}

function noNamespace(details: string, address: string): ClientProblem {
  return new ClientProblem('unusable', {
    what: `Temporal at ${address}: ${oneLine(details)}`,
    fix: 'set TEMPORAL_NAMESPACE to an existing namespace, or create it with `signalbox namespace prepare --create`',
  });
}

const DETAILS_CHARS_MAX = 200;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().slice(0, DETAILS_CHARS_MAX);
  return line.endsWith('.') ? line.slice(0, -1) : line;
}
