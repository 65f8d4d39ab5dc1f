package host

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// neverNeeded are the system calls that are refused to a plugin on every
// processor: to look into other processes, to change what the system looks like,
// and to reach anything that it was not given.
var neverNeeded = []uint32{
	unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_KCMP, unix.SYS_PIDFD_GETFD, unix.SYS_PIDFD_OPEN,
	unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_UNSHARE, unix.SYS_SETNS,
	unix.SYS_MOVE_MOUNT, unix.SYS_OPEN_TREE, unix.SYS_FSOPEN, unix.SYS_FSMOUNT, unix.SYS_FSPICK, unix.SYS_MOUNT_SETATTR,
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_FANOTIFY_INIT,
	unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
	unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL,
	unix.SYS_KEXEC_LOAD, unix.SYS_KEXEC_FILE_LOAD, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE,
	unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_REBOOT, unix.SYS_ACCT, unix.SYS_QUOTACTL, unix.SYS_SYSLOG,
	unix.SYS_SETHOSTNAME, unix.SYS_SETDOMAINNAME, unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME,
	unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_NAME_TO_HANDLE_AT, unix.SYS_MKNODAT, unix.SYS_MEMFD_CREATE,
	unix.SYS_SCHED_SETAFFINITY, unix.SYS_SCHED_SETSCHEDULER, unix.SYS_SCHED_SETATTR, unix.SYS_SCHED_SETPARAM,
	unix.SYS_CONNECT, // a plugin is called; it calls nobody
}

// Where a filter finds what it decides on (seccomp_data in seccomp(2)); of an
// argument, the half with the lower bits.
const (
	numberOffset   = 0
	archOffset     = 4
	argumentOffset = 16
)

const (
	permit = unix.SECCOMP_RET_ALLOW
	refuse = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	absent = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
)

// filterProgram is a filter of system calls that grows at its end.
type filterProgram []unix.SockFilter

func (f *filterProgram) add(code uint16, k uint32, yes, no uint8) {
	*f = append(*f, unix.SockFilter{Code: code, Jt: yes, Jf: no, K: k})
}

func (f *filterProgram) load(offset uint32) { f.add(unix.BPF_LD|unix.BPF_W|unix.BPF_ABS, offset, 0, 0) }
func (f *filterProgram) answer(with uint32) { f.add(unix.BPF_RET|unix.BPF_K, with, 0, 0) }
func (f *filterProgram) and(mask uint32)    { f.add(unix.BPF_ALU|unix.BPF_AND|unix.BPF_K, mask, 0, 0) }

// unless and when skip the next instructions, or not, by what is loaded.
func (f *filterProgram) unless(value uint32, skip uint8) {
	f.add(unix.BPF_JMP|unix.BPF_JEQ|unix.BPF_K, value, 0, skip)
}

func (f *filterProgram) when(value uint32, skip uint8) {
	f.add(unix.BPF_JMP|unix.BPF_JEQ|unix.BPF_K, value, skip, 0)
}

// newFilter builds the filter of system calls; empty where the processor's are not
// known. namespaces are the flags of clone that start a plugin: the filter is in
// force already by then.
func newFilter(namespaces uint32) filterProgram {
	if auditArch == 0 {
		return nil
	}
	var f filterProgram
	f.load(archOffset)
	f.when(auditArch, 1)
	f.answer(refuse)
	f.load(numberOffset)
	if foreignNumbers != 0 {
		f.add(unix.BPF_JMP|unix.BPF_JGE|unix.BPF_K, foreignNumbers, 0, 1)
		f.answer(refuse)
	}
	for _, number := range append(neverNeeded, neverNeededHere...) {
		f.unless(number, 1)
		f.answer(refuse)
	}
	f.unless(unix.SYS_CLONE3, 1) // its arguments are out of reach; everybody can do without it
	f.answer(absent)
	f.clone(namespaces)
	f.socket()
	f.ptrace()
	f.answer(permit)
	return f
}

// clone allows threads, and processes that share their parent's memory until they
// run a program, as Go's own start of a plugin does: memory cannot be multiplied by
// forking. A start in a namespace of users has to copy the memory.
func (f *filterProgram) clone(namespaces uint32) {
	allowed := []uint32{unix.CLONE_THREAD, unix.CLONE_VM | unix.CLONE_VFORK}
	if namespaces&unix.CLONE_NEWUSER != 0 {
		allowed = append(allowed, unix.CLONE_NEWUSER)
	}
	const each = 3 // instructions
	length := uint8(each*len(allowed) + 2)
	f.unless(unix.SYS_CLONE, length)
	for i, flags := range allowed {
		f.load(argumentOffset)
		f.and(flags)
		f.when(flags, length-1-uint8(each*(i+1)))
	}
	f.answer(refuse)
	f.answer(permit)
}

// socket allows streams within this machine that have a name in a folder.
func (f *filterProgram) socket() {
	const kinds = 0xf // without flags such as SOCK_CLOEXEC
	f.unless(unix.SYS_SOCKET, 7)
	f.load(argumentOffset)
	f.unless(unix.AF_UNIX, 4)
	f.load(argumentOffset + 8)
	f.and(kinds)
	f.unless(unix.SOCK_STREAM, 1)
	f.answer(permit)
	f.answer(refuse)
}

// ptrace allows what holds a plugin until its limits are set.
func (f *filterProgram) ptrace() {
	f.unless(unix.SYS_PTRACE, 5)
	f.load(argumentOffset)
	f.when(unix.PTRACE_TRACEME, 2)
	f.when(unix.PTRACE_DETACH, 1)
	f.answer(refuse)
	f.answer(permit)
}

// enforce confines the calling thread and all that it starts, for ever.
func (f filterProgram) enforce() error {
	program := unix.SockFprog{Len: uint16(len(f)), Filter: &f[0]}
	return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
}
