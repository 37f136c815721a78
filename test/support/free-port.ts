/** A port on loopback that nobody uses now, below the range that outgoing connections take theirs from. */
import { reservePorts } from '../../src/local/ports.ts';

export async function freePort(): Promise<number> {
  const [port = 0] = await reservePorts([{ port: 0, what: 'a test', setting: '' }]);
  return port;
}
