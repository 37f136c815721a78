/** Bounds and records connections, allowed or refused, with bytes and reasons. */

export interface Connection {
  /** Epoch milliseconds. */
  readonly at: number;
  /** As the set-up sent it, truncated: `host:port`, or text that is not valid as such. */
  readonly target: string;
  readonly kind: 'connect' | 'plain';
  /** The address it was connected to, once known. */
  address?: string;
  /** The reason of a refusal or failure; absent otherwise. */
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
  /** Low, because downloads send little, and uploads could leak data. */
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

/** Bounds and records the connections of a proxy. */
export interface ConnectionRecorder {
  /** The connection is already refused if it is one too many. */
  begin(kind: Connection['kind'], target: string): Connection;
  /** False when a limit is exceeded. */
  count(connection: Connection, direction: 'up' | 'down', bytes: number): boolean;
  end(connection: Connection): void;
}

/** The connections of one set-up. All are kept, since their number is limited. */
export class ConnectionLog implements ConnectionRecorder {
  readonly all: Connection[] = [];
  readonly #limits: EgressLimits;
  #bytesUp = 0;
  #bytesDown = 0;
  #open = 0;
  #unrecorded = 0;

  constructor(limits: EgressLimits) {
    this.#limits = limits;
  }

  /** Number of connections beyond the limit, which are refused and not recorded one by one. */
  get refusedBeyondLimit(): number {
    return this.#unrecorded;
  }

  begin(kind: Connection['kind'], target: string): Connection {
    const connection = newConnection(kind, target);
    if (this.all.length < this.#limits.connectionsMax) this.all.push(connection);
    else this.#unrecorded += 1;
    this.#open += 1;
    if (this.#unrecorded > 0) connection.refused = 'too many connections';
    else if (this.#open > this.#limits.connectionsAtOnceMax)
      connection.refused = 'too many connections at once';
    return connection;
  }

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
    if (finish(connection)) this.#open -= 1;
  }
}

/** The connections of a proxy that runs for a long time: each has the limits of bytes for itself, and is passed on at its end. */
export class PassingConnections implements ConnectionRecorder {
  readonly #limits: EgressLimits;
  readonly #onEnd: (connection: Connection) => void;
  #open = 0;

  constructor(limits: EgressLimits, onEnd: (connection: Connection) => void) {
    this.#limits = limits;
    this.#onEnd = onEnd;
  }

  begin(kind: Connection['kind'], target: string): Connection {
    const connection = newConnection(kind, target);
    this.#open += 1;
    if (this.#open > this.#limits.connectionsAtOnceMax) connection.refused = 'too many connections at once';
    return connection;
  }

  count(connection: Connection, direction: 'up' | 'down', bytes: number): boolean {
    if (direction === 'up') connection.bytesUp += bytes;
    else connection.bytesDown += bytes;
    const { bytesUpMax, bytesDownMax } = this.#limits;
    if (connection.bytesUp <= bytesUpMax && connection.bytesDown <= bytesDownMax) return true;
    connection.refused ??= 'too many bytes';
    return false;
  }

  end(connection: Connection): void {
    if (!finish(connection)) return;
    this.#open -= 1;
    this.#onEnd(connection);
  }
}

function newConnection(kind: Connection['kind'], target: string): Connection {
  // eslint-disable-next-line no-control-regex
  const named = target.slice(0, TARGET_CHARS_MAX).replace(/[\u0000-\u001f\u007f-\uffff]/g, '?');
  return { at: Date.now(), target: named, kind, bytesUp: 0, bytesDown: 0 };
}

/** False if it had ended already. */
function finish(connection: Connection): boolean {
  if (connection.durationMs !== undefined) return false;
  connection.durationMs = Date.now() - connection.at;
  return true;
}
