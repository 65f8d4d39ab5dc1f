package host

import (
	"cmp"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// sandbox confines the processes of a host, as far as the kernel and the account of
// the server allow.
//
// A process is started from a thread of its own, which gives up its rights first:
// what it starts inherits that. There is no launcher, which would have to be a
// program of its own or the server started twice. The thread lives as long as the
// process, for the kernel kills a plugin when the thread that started it ends, not
// the process.
//
// The limit of processes binds nobody whose account is root's. A server that runs
// as root therefore gives each plugin an account of its own, which owns nothing; any
// other server gives it a namespace of users, where it is counted by itself.
type sandbox struct {
	landlock   int     // version; 0: none
	namespaces uintptr // flags of clone
	accounts   uint32  // the first of the plugins' accounts; 0: the server's own
	held       bool    // a process waits until its limits are set
	filter     filterProgram
	missing    []Unenforced
	rooms      atomic.Uint32 // furnished so far
}

// The plugins' accounts and groups. They are in nobody's range of ids
// (systemd.io/UIDS-GIDS), so that no file is theirs.
const (
	firstAccount = 1_900_000_000
	accounts     = 100_000_000
	nobody       = 65534 // where a container doesn't know the others
)

// newSandbox finds out what is allowed by trying it in a directory where plugins
// will have theirs.
func newSandbox(dir string) *sandbox {
	s := &sandbox{}
	if s.landlock = landlockABI(); s.landlock < 3 {
		s.missing = append(s.missing, noFiles)
	}
	root := os.Getuid() == 0
	if root {
		s.chooseAccounts(dir)
	}
	s.chooseNamespaces(root)
	s.held = s.tryAlone(&syscall.SysProcAttr{Ptrace: true}, nil)
	s.require(s.held, noLimits)
	if filter := newFilter(uint32(s.namespaces)); filter != nil && s.tryAlone(&syscall.SysProcAttr{Cloneflags: s.namespaces}, filter) {
		s.filter = filter
	}
	s.require(s.filter != nil, noFilter)
	s.require(s.namespaces&unix.CLONE_NEWNET != 0 || s.filter != nil, noNetwork)
	s.require(s.countsTasks(), noProcessCount)
	return s
}

// require notes what is missing unless it is there.
func (s *sandbox) require(there bool, what Unenforced) {
	if !there {
		s.missing = append(s.missing, what)
	}
}

// chooseAccounts looks for accounts that may be used, that the server can end and
// clean up after, and that can enter dir, whose folders only their owners can enter.
func (s *sandbox) chooseAccounts(dir string) {
	if !hasCapabilities(unix.CAP_KILL, unix.CAP_DAC_OVERRIDE) || os.Chmod(dir, 0o711) != nil {
		s.missing = append(s.missing, noAccount)
		return
	}
	for _, id := range []uint32{firstAccount, nobody} {
		err := tryStart(dir, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id}}, nil)
		if err == nil {
			s.accounts = id
			return
		}
	}
	s.missing = append(s.missing, noAccount)
}

// chooseNamespaces takes those that are allowed. Root needs none of users for the
// others.
func (s *sandbox) chooseNamespaces(root bool) {
	if !root && s.tryAlone(&syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER}, nil) {
		s.namespaces = unix.CLONE_NEWUSER
	}
	for _, namespace := range []struct {
		flag    uintptr
		without Unenforced
	}{
		{unix.CLONE_NEWPID, noProcesses},
		{unix.CLONE_NEWIPC, noMemorySharing},
		{unix.CLONE_NEWNET, Unenforced{}}, // its work is done by the filter, too
	} {
		if s.tryAlone(&syscall.SysProcAttr{Cloneflags: s.namespaces | namespace.flag}, nil) {
			s.namespaces |= namespace.flag
		} else if namespace.without.Code != "" {
			s.missing = append(s.missing, namespace.without)
		}
	}
}

// tryAlone reports whether a process can be started with these attributes.
func (s *sandbox) tryAlone(attr *syscall.SysProcAttr, filter filterProgram) bool {
	return tryStart("/", attr, filter) == nil
}

// tryStart starts a process that is there until it finds that it has no program to
// run: whatever else is not allowed fails before.
func tryStart(dir string, attr *syscall.SysProcAttr, filter filterProgram) error {
	result := make(chan error, 1)
	onThread(func() {
		err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
		if err == nil && filter != nil {
			err = filter.enforce()
		}
		if err == nil {
			_, err = os.StartProcess("/proc/self/no-program", nil, &os.ProcAttr{Dir: dir, Sys: attr})
		}
		result <- err
	})
	if err := <-result; !errors.Is(err, unix.ENOENT) {
		return err
	}
	return nil
}

// hasCapabilities reports whether the process has them all (capabilities(7)).
func hasCapabilities(capabilities ...int) bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData // of which those that are asked for are in the first
	err := unix.Capget(&header, &data[0])
	for _, capability := range capabilities {
		if err != nil || data[0].Effective&(1<<capability) == 0 {
			return false
		}
	}
	return true
}

// countsTasks reports whether the processes of one plugin are counted by themselves.
func (s *sandbox) countsTasks() bool {
	return s.accounts != 0 || s.namespaces&unix.CLONE_NEWUSER != 0
}

func (s *sandbox) unenforced() []Unenforced { return s.missing }

// furnish makes a room ready for its process: it gets an account, and the directory
// with it. Hosts on one machine use different accounts as far as the ids of their
// processes differ.
func (s *sandbox) furnish(r *room) error {
	if s.accounts == 0 {
		return nil
	}
	r.account = s.accounts
	if s.accounts == firstAccount {
		r.account += (uint32(os.Getpid())*1000 + s.rooms.Add(1)%1000) % accounts
	}
	return os.Chown(r.dir, int(r.account), int(r.account))
}

// attributes of a process: its own group, so that an interrupt from the terminal
// doesn't reach it and a kill reaches all that it started; its death with its
// parent's; its account and its namespaces.
func (s *sandbox) attributes(r room) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, Cloneflags: s.namespaces, Ptrace: s.held}
	if r.account != 0 {
		attr.Credential = &syscall.Credential{Uid: r.account, Gid: r.account}
	}
	return attr
}

// start starts the process and keeps the thread that started it until ended is
// closed, which has to happen whatever is returned.
func (s *sandbox) start(cmd *exec.Cmd, r room, ended <-chan struct{}) error {
	cmd.Path = r.program.path
	if r.program.file != nil {
		cmd.Path, cmd.ExtraFiles = "/proc/self/fd/3", []*os.File{r.program.file}
	}
	cmd.SysProcAttr = s.attributes(r)
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer func() { _ = nothing.Close() }() // it was only read
	cmd.Stdin = nothing
	// The server may have inherited files that it doesn't know of.
	if err := unix.CloseRange(3, 1<<31-1, unix.CLOSE_RANGE_CLOEXEC); err != nil && !errors.Is(err, unix.ENOSYS) {
		return err
	}
	rules := ruleset(-1)
	if s.landlock > 0 {
		if rules, err = r.rules(s.landlock); err != nil {
			return err
		}
		defer rules.close()
	}
	started := make(chan error, 1)
	onThread(func() {
		err := s.confineThread(rules)
		if err == nil {
			err = s.startHeld(cmd, r)
		}
		started <- err
		if err == nil {
			<-ended
		}
	})
	return <-started
}

// confineThread takes the calling thread's rights away.
func (s *sandbox) confineThread(rules ruleset) error {
	err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	if err == nil && s.landlock > 0 {
		err = rules.enforce()
	}
	if err == nil && s.filter != nil {
		err = s.filter.enforce()
	}
	return err
}

// startHeld starts the process and sets its limits before it runs.
func (s *sandbox) startHeld(cmd *exec.Cmd, r room) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	pid := cmd.Process.Pid
	if !s.held {
		return abort(cmd, s.limit(pid, r))
	}
	var info unix.Siginfo
	for {
		err := unix.Waitid(unix.P_PID, pid, &info, unix.WSTOPPED|unix.WEXITED|unix.WNOWAIT, nil)
		if err == nil {
			break
		}
		if !errors.Is(err, unix.EINTR) {
			return abort(cmd, err)
		}
	}
	if info.Code != cldTrapped {
		return nil // it has ended already, which is noticed like any other end
	}
	if err := s.limit(pid, r); err != nil {
		return abort(cmd, err)
	}
	return abort(cmd, unix.PtraceDetach(pid))
}

// cldTrapped is the code of a process that is held (sigaction(2)).
const cldTrapped = 4

// abort ends a process that could not be started as it should, unless err is nil.
func abort(cmd *exec.Cmd, err error) error {
	if err != nil {
		_ = cmd.Process.Kill() // it is a child that nobody has waited for
		_ = cmd.Wait()         // it was killed
	}
	return err
}

// Limits of one process besides its memory.
const (
	maxFileSize  = 16 << 20 // bytes
	maxOpenFiles = 256
	// programMemory is what a program maps besides what it holds: spare parts of its
	// heap, and stacks of its threads.
	programMemory = 256 << 20
	// niceness lets the server and its database go first when the processor is busy.
	niceness = 5
)

// maxTasks is how many threads and processes one process may have, with itself. A
// program has threads by the number of processors.
func maxTasks() uint64 { return uint64(64 + 4*runtime.NumCPU()) }

// limit sets the limits of a process (getrlimit(2)). Of the processors' time there
// is none: it would be one for a whole life, and a good plugin lives for months.
// Instead it gets half of the processors, so that a busy one leaves some to others,
// and the host looks at how busy it is.
func (s *sandbox) limit(pid int, r room) error {
	limits := map[int]uint64{
		unix.RLIMIT_CORE:   0,
		unix.RLIMIT_FSIZE:  maxFileSize,
		unix.RLIMIT_NOFILE: maxOpenFiles,
		unix.RLIMIT_DATA:   uint64(r.memory) + programMemory,
	}
	if s.countsTasks() {
		limits[unix.RLIMIT_NPROC] = maxTasks()
	}
	result := make(chan error, 1)
	onThread(func() {
		err := become(r.account)
		for limit, most := range limits {
			err = cmp.Or(err, lower(pid, limit, most))
		}
		result <- cmp.Or(err, useHalf(pid, r.half), giveWay(pid))
	})
	return <-result
}

// useHalf binds a process to every other processor of those that the server may use;
// if that is one, to this one.
func useHalf(pid, half int) error {
	var all, own unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		return err
	}
	for cpu, seen := 0, 0; seen < all.Count(); cpu++ {
		if !all.IsSet(cpu) {
			continue
		}
		if seen%2 == half%2 || all.Count() == 1 {
			own.Set(cpu)
		}
		seen++
	}
	return unix.SchedSetaffinity(pid, &own)
}

// giveWay lets other programs go first, unless the server gives way even more.
func giveWay(pid int) error {
	priority, err := unix.Getpriority(unix.PRIO_PROCESS, pid) // 20 less the niceness (getpriority(2))
	if err != nil || 20-priority >= niceness {
		return err
	}
	return unix.Setpriority(unix.PRIO_PROCESS, pid, niceness)
}

// become changes the account of the calling thread only, unless it is 0. In many
// containers not even root may limit a process of another account.
func become(account uint32) error {
	if account == 0 {
		return nil
	}
	id := uintptr(account)
	if _, _, errno := syscall.RawSyscall(unix.SYS_SETRESGID, id, id, id); errno != 0 {
		return errno
	}
	if _, _, errno := syscall.RawSyscall(unix.SYS_SETRESUID, id, id, id); errno != 0 {
		return errno
	}
	return nil
}

// lower lowers a limit of a process for good.
func lower(pid, limit int, most uint64) error {
	var present unix.Rlimit
	if err := unix.Prlimit(pid, limit, nil, &present); err != nil {
		return err
	}
	most = min(most, present.Max)
	return unix.Prlimit(pid, limit, &unix.Rlimit{Cur: most, Max: most}, nil)
}
