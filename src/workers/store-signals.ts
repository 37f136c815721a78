/** Counts the calls of the artifact store, and asks it for an artifact now and then to know whether it works. */
import { ArtifactError, type ArtifactDigest, type ArtifactStore } from '../artifacts/port.ts';
import { errorText } from '../host/error-text.ts';
import type { Signals } from '../telemetry/signals.ts';

/** The digest of no bytes: whether it is there does not matter. */
const ANY: ArtifactDigest = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
/** A health check may come every few seconds, and a bucket charges for each request. */
const ASKED_EVERY_MS = 15_000;

export function watchedStore(
  store: ArtifactStore,
  { health, metrics }: Pick<Signals, 'health' | 'metrics'>,
): ArtifactStore {
  let problem: string | undefined;
  let asked = Number.NEGATIVE_INFINITY;
  const counted = async <T>(operation: string, call: () => Promise<T>): Promise<T> => {
    const end = (outcome: string): void =>
      metrics.add('signalbox_store_requests_total', { operation, outcome });
    try {
      const result = await call();
      problem = undefined;
      end('ok');
      return result;
    } catch (error) {
      // The store answered: what it said is no fault of the store, except for damaged bytes.
      if (error instanceof ArtifactError) end(error.kind);
      else {
        problem = errorText(error);
        end('failed');
      }
      throw error;
    }
  };
  const watched: ArtifactStore = {
    put: (bytes, mediaType) => counted('put', () => store.put(bytes, mediaType)),
    get: (digest, bytesMax) => counted('get', () => store.get(digest, bytesMax)),
    has: digest => counted('has', () => store.has(digest)),
    note: (name, digest) => counted('note', () => store.note(name, digest)),
    noted: name => counted('noted', () => store.noted(name)),
  };
  health.watch('store', async () => {
    const now = performance.now();
    if (problem !== undefined || now - asked >= ASKED_EVERY_MS) {
      asked = now;
      await watched.has(ANY).catch(() => undefined);
    }
    return problem;
  });
  return watched;
}
