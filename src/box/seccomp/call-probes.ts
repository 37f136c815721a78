/**
 * One call of each kind that the filter refuses. The kernel alone would give another answer to these arguments, so the
 * expected refusal proves that the filter works. Calls that the kernel always refuses without privileges (kexec_load,
 * reboot) prove nothing and are left out. Pure.
 */
import { argumentRules } from './by-argument.ts';
import type { Architecture } from './call.ts';
import type { CallArgument, CallToMake } from './call-program.ts';
import { denials } from './denied.ts';
import { ERRNO, type Errno } from './errno.ts';

export interface CallProbe extends CallToMake {
  /** The call, and its purpose if there are several. */
  readonly name: string;
  /** The filter's answer: minus the errno. */
  readonly refusal: number;
}

export function callProbes(architecture: Architecture): readonly CallProbe[] {
  return attempts.flatMap(([name, args]) => {
    const [call = ''] = name.split(' ');
    const { number, answer } = refused(call, architecture);
    return number === undefined ? [] : [{ name, number, args, refusal: -ERRNO[answer] }];
  });
}

function refused(
  name: string,
  architecture: Architecture,
): { readonly number?: number; readonly answer: Errno } {
  const listed = [
    ...denials.flatMap(({ calls, answer }) => calls.map(call => ({ call, answer }))),
    ...argumentRules,
  ];
  const found = listed.find(({ call }) => call.name === name);
  if (found === undefined) throw new Error(`no table refuses the system call ${name}`);
  const number = found.call.numbers[architecture];
  return { answer: found.answer, ...(number !== undefined ? { number } : {}) };
}

const text = (value: string): Uint8Array => Buffer.from(`${value}\0`);
const FIRST_PROCESS = 1;
const NO_DESCRIPTOR = -1;
const HERE = -100;
const NOWHERE = 1;
const NEW_USER = 0x1000_0000;
const SHARED_DIRECTORY = 0x200;
const ANY_FLAG = 0xffff;
const oneRange = Buffer.concat([Buffer.alloc(8), Buffer.from([8, 0, 0, 0, 0, 0, 0, 0])]);

const attempts: readonly (readonly [name: string, args: readonly CallArgument[]])[] = [
  ['add_key', [text('user'), text('signalbox-probe'), text('x'), 1, -2]],
  ['request_key', [text('user'), text('signalbox-probe'), 0, -2]],
  ['keyctl session keyring', [0, -3, 0]],
  ['io_uring_setup', [1, Buffer.alloc(120)]],
  ['ptrace first process', [0x4206, FIRST_PROCESS, 0, 0]],
  ['process_vm_readv first process', [FIRST_PROCESS, oneRange, 1, oneRange, 1, 0]],
  ['process_vm_writev first process', [FIRST_PROCESS, oneRange, 1, oneRange, 1, 0]],
  ['kcmp first process', [FIRST_PROCESS, FIRST_PROCESS, 2, 0, 0]],
  ['pidfd_getfd', [NO_DESCRIPTOR, 0, 0]],
  ['process_madvise', [NO_DESCRIPTOR, 0, 0, 0, 1]],
  ['setns', [NO_DESCRIPTOR, 0]],
  ['unshare user namespace', [NEW_USER]],
  // Without a filter, the kernel refuses this combination of flags (EINVAL) and creates no process.
  ['clone user namespace', [NEW_USER + SHARED_DIRECTORY, 0, 0, 0, 0]],
  ['clone3', [0, 0]],
  ['mount', [0, 0, NOWHERE, 0, 0]],
  ['umount2', [text('/'), ANY_FLAG]],
  ['chroot', [text('')]],
  ['open_tree', [HERE, text('/'), 0]],
  ['statmount', [0, 0, 0, 0]],
  ['listmount', [0, 0, 0, 0]],
  ['fanotify_init', [0x200, 0]],
  ['bpf', [0, 0, 0x10_0000]],
  ['perf_event_open', [0, 0, 0, 0, ANY_FLAG]],
  ['userfaultfd', [1]],
  ['clock_settime', [0, 0]],
  ['iopl', [0]],
  ['get_mempolicy', [0, 0, 0, 0, 0]],
  ['mbind', [0, 0, 0, 0, 0, ANY_FLAG]],
  ['modify_ldt', [0, Buffer.alloc(16), 16]],
  ['socket vsock', [40, 1, 0]],
  ['socket alg', [38, 5, 0]],
  ['socket netlink uevent', [16, 3, 15]],
  ['socket netlink sock_diag', [16, 3, 4]],
  ['socket netlink xfrm', [16, 3, 6]],
  ['socket mptcp', [2, 1, 262]],
  ['socket raw packet', [17, 99, 0]],
  ['socketpair tipc', [30, 1, 0, Buffer.alloc(8)]],
  ['ioctl TIOCSTI', [0, 0x5412, text('x')]],
  ['ioctl TIOCLINUX', [0, 0x541c, text('x')]],
  ['personality', [0x2_0000]],
];
