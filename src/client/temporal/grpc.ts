/** The gRPC status of what the SDK throws. */
import { isGrpcServiceError, ServiceError } from '@temporalio/client';

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
