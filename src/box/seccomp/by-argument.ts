/** The system calls that are allowed only with certain arguments: the conditions, the answer otherwise, and the reason. */
import { parseCalls, type Call } from './call.ts';
import type { Errno } from './errno.ts';

/** Checks only the low 32 bits of an argument, because the kernel reads only these. */
export interface Condition {
  readonly argument: 0 | 1 | 2;
  /** Bits to check; all if absent. */
  readonly mask?: number;
  readonly in?: readonly number[];
  readonly notIn?: readonly number[];
}

export interface ArgumentRule {
  readonly call: Call;
  readonly why: string;
  readonly answer: Errno;
  /** Allowed if all conditions of one of these lists are met. */
  readonly allowedWhen: readonly (readonly Condition[])[];
}

export const FAMILY = { UNIX: 1, INET: 2, INET6: 10, NETLINK: 16 } as const;
/** CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. In `clone`, 0x80 is part of the end signal. */
const NEW_NAMESPACES = 0x7e02_0000;
const NEW_TIME = 0x80;
const SOCKET_TYPE_BITS = 0xf;
const STREAM_OR_DATAGRAM = [1, 2];
const NETLINK_ROUTE = 0;
/** The default of the type, TCP, UDP. */
const PROTOCOLS = [0, 6, 17];
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
/** PER_LINUX, PER_LINUX32, ADDR_NO_RANDOMIZE, and the query of the current value. */
const PERSONALITIES = [0, 8, 0x0004_0000, 0xffff_ffff];

export const argumentRules: readonly ArgumentRule[] = [
  {
    call: one('socket 41 198'),
    why: 'no vsock to the host, no kernel cryptography, no raw packets, and no family or protocol that loads a kernel module',
    answer: 'EPERM',
    allowedWhen: [
      [{ argument: 0, in: [FAMILY.UNIX] }],
      [
        { argument: 0, in: [FAMILY.INET, FAMILY.INET6] },
        { argument: 1, mask: SOCKET_TYPE_BITS, in: STREAM_OR_DATAGRAM },
        { argument: 2, in: PROTOCOLS },
      ],
      // Programs need it to list their network interfaces.
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
    why: 'its flags are in memory, which a filter cannot read; libraries fall back to clone',
    answer: 'ENOSYS',
    allowedWhen: [],
  },
  {
    call: one('unshare 272 97'),
    why: 'separate file tables, but no new namespaces',
    answer: 'EPERM',
    allowedWhen: [[{ argument: 0, mask: NEW_NAMESPACES + NEW_TIME, in: [0] }]],
  },
  {
    call: one('ioctl 16 29'),
    why: 'no injecting of input into a terminal that other processes read',
    answer: 'EPERM',
    allowedWhen: [[{ argument: 1, notIn: [TIOCSTI, TIOCLINUX] }]],
  },
  {
    call: one('personality 135 92'),
    why: 'no emulation of other systems, whose kernel code is hardly tested',
    answer: 'EPERM',
    allowedWhen: [[{ argument: 0, in: PERSONALITIES }]],
  },
];

function one(entry: string): Call {
  const [call] = parseCalls(entry);
  if (call === undefined) throw new Error('no system call');
  return call;
}
