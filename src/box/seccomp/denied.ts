/**
 * The system calls that are refused by name. They would be refused anyway, because they are not in the table of allowed
 * calls; this table adds the reason, the answer, and the calls for the self-test.
 */
import { parseCalls, type Call } from './call.ts';
import type { Errno } from './errno.ts';

export interface Denial {
  readonly why: string;
  readonly answer: Errno;
  readonly calls: readonly Call[];
}

export const denials: readonly Denial[] = [
  {
    why: 'keyrings belong to the user and the session; no namespace isolates them',
    answer: 'EPERM',
    calls: parseCalls('add_key 248 217, request_key 249 218, keyctl 250 219'),
  },
  {
    why: 'another way to make most calls, which bypasses this filter; Node, Go and databases work without it',
    answer: 'ENOSYS',
    calls: parseCalls('io_uring_setup 425 425, io_uring_enter 426 426, io_uring_register 427 427'),
  },
  {
    why: 'accesses other processes of the box: the first process, the relay, the agent. Debuggers do not work in the box',
    answer: 'EPERM',
    calls: parseCalls(`ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, kcmp 312 272,
      pidfd_getfd 438 438, process_madvise 440 440`),
  },
  {
    why: 'enters other namespaces, with which most escapes from a box start',
    answer: 'EPERM',
    calls: parseCalls('setns 308 268'),
  },
  {
    why: 'changes mounts, which are complete before the command starts',
    answer: 'EPERM',
    calls: parseCalls(`mount 165 40, umount2 166 39, pivot_root 155 41, chroot 161 51, open_tree 428 428,
      open_tree_attr 467 467, move_mount 429 429, fsopen 430 430, fsconfig 431 431, fsmount 432 432, fspick 433 433,
      mount_setattr 442 442, quotactl 179 60, quotactl_fd 443 443, swapon 167 224, swapoff 168 225`),
  },
  {
    why: 'reveals mounts by id, including those of other namespaces',
    answer: 'ENOSYS',
    calls: parseCalls('statmount 457 457, listmount 458 458, lookup_dcookie 212 18'),
  },
  {
    why: 'opens a file by handle, without access checks on the directories above it',
    answer: 'EPERM',
    calls: parseCalls('open_by_handle_at 304 265'),
  },
  {
    why: 'watches or blocks the file accesses of other processes',
    answer: 'EPERM',
    calls: parseCalls('fanotify_init 300 262'),
  },
  {
    why: 'loads programs into the kernel or reads its counters',
    answer: 'EPERM',
    calls: parseCalls('bpf 321 280, perf_event_open 298 241, uretprobe 335 -'),
  },
  {
    why: 'pauses the kernel during a copy, which makes small kernel bugs exploitable',
    answer: 'EPERM',
    calls: parseCalls('userfaultfd 323 282'),
  },
  {
    why: 'replaces or extends the kernel',
    answer: 'EPERM',
    calls: parseCalls(`init_module 175 105, finit_module 313 273, delete_module 176 106, kexec_load 246 104,
      kexec_file_load 320 294, reboot 169 142`),
  },
  {
    why: 'changes settings of the whole host',
    answer: 'EPERM',
    calls:
      parseCalls(`settimeofday 164 170, clock_settime 227 112, sethostname 170 161, setdomainname 171 162,
      acct 163 89, syslog 103 116, vhangup 153 58, iopl 172 -, ioperm 173 -`),
  },
  {
    why: 'moves memory between nodes, also that of other processes; coding tasks do not need it',
    answer: 'EPERM',
    calls:
      parseCalls(`mbind 237 235, set_mempolicy 238 237, set_mempolicy_home_node 450 450, get_mempolicy 239 236,
      migrate_pages 256 238, move_pages 279 239`),
  },
  {
    why: '16-bit segments, which only old Windows programs need',
    answer: 'ENOSYS',
    calls: parseCalls('modify_ldt 154 -'),
  },
  {
    why: 'creates memory that no other process can read, not even to measure it',
    answer: 'ENOSYS',
    calls: parseCalls('memfd_secret 447 447'),
  },
];
