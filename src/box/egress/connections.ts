/** What a set-up asked of the network: each connection, allowed or refused, with its bytes and why. */

export interface Connection {
  /** Epoch milliseconds. */
  readonly at: number;
  /** As the set-up named it, capped: `host:port`, or what could not be read as one. */
  readonly target: string;
  readonly kind: 'connect' | 'plain';
  /** Where it led, once that was known. */
  address?: string;
  /** Absent while it is allowed and all went well. */
  refused?: string;
  bytesUp: number;
  bytesDown: number;
  durationMs?: number;
}

export interface EgressLimits {
  /** All connections of one set-up. */
  readonly connectionsMax: number;
  readonly connectionsAtOnceMax: number;
  readonly bytesDownMax: number;
  /** Fetching needs little; what is sent may be what should not leave. */
  readonly bytesUpMax: number;
  readonly idleMs: number;
}

export const defaultEgressLimits: EgressLimits = {
  connectionsMax: 20_000,
  connectionsAtOnceMax: 64,
  bytesDownMax: 4 * 1024 ** 3,
  bytesUpMax: 64 * 1024 ** 2,
  idleMs: 120_000,
};

const TARGET_CHARS_MAX = 300;

/** The account of one set-up; every connection is kept, since their number is limited. */
export class ConnectionLog {
  readonly all: Connection[] = [];
  readonly #limits: EgressLimits;
  #bytesUp = 0;
  #bytesDown = 0;
  #open = 0;
  #leftOut = 0;

  constructor(limits: EgressLimits) {
    this.#limits = limits;
  }

  /** Connections beyond the limit, which are refused without a record of each. */
  get refusedBeyondLimit(): number {
    return this.#leftOut;
  }

  begin(kind: Connection['kind'], target: string): Connection {
    // eslint-disable-next-line no-control-regex
    const named = target.slice(0, TARGET_CHARS_MAX).replace(/[\u0000-\u001f\u007f-\uffff]/g, '?');
    const connection: Connection = { at: Date.now(), target: named, kind, bytesUp: 0, bytesDown: 0 };
    if (this.all.length < this.#limits.connectionsMax) this.all.push(connection);
    else this.#leftOut += 1;
    this.#open += 1;
    if (this.#leftOut > 0) connection.refused = 'too many connections';
    else if (this.#open > this.#limits.connectionsAtOnceMax)
      connection.refused = 'too many connections at once';
    return connection;
  }

  /** False when nothing more may pass. */
  count(connection: Connection, direction: 'up' | 'down', bytes: number): boolean {
    if (direction === 'up') {
      this.#bytesUp += bytes;
      connection.bytesUp += bytes;
    } else {
      this.#bytesDown += bytes;
      connection.bytesDown += bytes;
    }
    if (this.#bytesUp <= this.#limits.bytesUpMax && this.#bytesDown <= this.#limits.bytesDownMax) return true;
    connection.refused ??= 'too many bytes';
    return false;
  }

  end(connection: Connection): void {
    if (connection.durationMs !== undefined) return;
    connection.durationMs = Date.now() - connection.at;
    this.#open -= 1;
  }
}
