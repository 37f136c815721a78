/** The system calls of which a box may make some: what the arguments must be, what is answered otherwise, and why. */
import { parseCalls, type Call } from './call.ts';
import type { Errno } from './errno.ts';

/** The kernel reads only the low half of each of these arguments, so only that is looked at. */
export interface Condition {
  readonly argument: 0 | 1 | 2;
  /** These bits only; all if absent. */
  readonly mask?: number;
  readonly in?: readonly number[];
  readonly notIn?: readonly number[];
}

export interface ArgumentRule {
  readonly call: Call;
  readonly why: string;
  readonly answer: Errno;
  /** Allowed when all conditions of one of these hold. */
  readonly allowedWhen: readonly (readonly Condition[])[];
}

export const FAMILY = { UNIX: 1, INET: 2, INET6: 10, NETLINK: 16 } as const;
/** CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. In `clone`, 0x80 is part of the end signal. */
const NEW_NAMESPACES = 0x7e02_0000;
const NEW_TIME = 0x80;
const SOCKET_TYPE_BITS = 0xf;
const STREAM_OR_DATAGRAM = [1, 2];
const NETLINK_ROUTE = 0;
/** Whatever the type implies, TCP, UDP. */
const PROTOCOLS = [0, 6, 17];
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
/** Linux, its 32-bit name for `uname`, without random addresses, and the question which one it is. */
const PERSONALITIES = [0, 8, 0x0004_0000, 0xffff_ffff];

export const argumentRules: readonly ArgumentRule[] = [
  {
    call: one('socket 41 198'),
    why: 'no vsock to the host, no kernel cryptography, no raw packets, and no family or protocol that loads a module',
    answer: 'EPERM',
    allowedWhen: [
      [{ argument: 0, in: [FAMILY.UNIX] }],
      [
        { argument: 0, in: [FAMILY.INET, FAMILY.INET6] },
        { argument: 1, mask: SOCKET_TYPE_BITS, in: STREAM_OR_DATAGRAM },
        { argument: 2, in: PROTOCOLS },
      ],
      // Without it no program can list its own network interfaces.
      [
        { argument: 0, in: [FAMILY.NETLINK] },
        { argument: 2, in: [NETLINK_ROUTE] },
      ],
    ],
  },
  {
    call: one('socketpair 53 199'),
    why: 'as for socket',
    answer: 'EPERM',
    allowedWhen: [[{ argument: 0, in: [FAMILY.UNIX] }]],
  },
  {
    call: one('clone 56 220'),
    why: 'processes and threads, but no new namespaces',
    answer: 'EPERM',
    allowedWhen: [[{ argument: 0, mask: NEW_NAMESPACES, in: [0] }]],
  },
  {
    call: one('clone3 435 435'),
    why: 'its flags lie in memory, where a filter cannot look; libraries then use clone',
    answer: 'ENOSYS',
    allowedWhen: [],
  },
  {
    call: one('unshare 272 97'),
    why: 'own file tables, but no new namespaces',
    answer: 'EPERM',
    allowedWhen: [[{ argument: 0, mask: NEW_NAMESPACES + NEW_TIME, in: [0] }]],
  },
  {
    call: one('ioctl 16 29'),
    why: 'no typing into a terminal that others read from',
    answer: 'EPERM',
    allowedWhen: [[{ argument: 1, notIn: [TIOCSTI, TIOCLINUX] }]],
  },
  {
    call: one('personality 135 92'),
    why: 'no behaviour of other systems, whose code hardly anybody tests',
    answer: 'EPERM',
    allowedWhen: [[{ argument: 0, in: PERSONALITIES }]],
  },
];

function one(entry: string): Call {
  const [call] = parseCalls(entry);
  if (call === undefined) throw new Error('no system call');
  return call;
}
