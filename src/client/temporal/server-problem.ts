/** Errors of an unusable server as named problems. */
import { NamespaceNotFoundError } from '@temporalio/client';
import type { FixableTrouble } from '../../domain/trouble.ts';
import { ClientProblem } from './client-problem.ts';
import { GRPC, grpcFacts } from './grpc.ts';

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
