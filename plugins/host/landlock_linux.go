package host

import (
	"debug/elf"
	"errors"
	"os"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What Landlock is asked to watch, and what a plugin may do nevertheless
// (landlock(7)).
const (
	readFile  = unix.LANDLOCK_ACCESS_FS_READ_FILE
	execute   = unix.LANDLOCK_ACCESS_FS_EXECUTE | readFile
	readTree  = readFile | unix.LANDLOCK_ACCESS_FS_READ_DIR
	device    = readFile | unix.LANDLOCK_ACCESS_FS_WRITE_FILE
	ownFolder = readTree | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE |
		unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_SOCK |
		unix.LANDLOCK_ACCESS_FS_REMOVE_FILE | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR

	everyFile     = unix.LANDLOCK_ACCESS_FS_IOCTL_DEV<<1 - 1 // of ABI 5
	everyFileABI3 = unix.LANDLOCK_ACCESS_FS_TRUNCATE<<1 - 1  // of ABI 3
)

// landlockABI is the version of Landlock that the kernel has; 0: none.
func landlockABI() int {
	abi, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(abi)
}

// ruleset is an open set of rules of Landlock.
type ruleset int

func (r ruleset) close() { _ = unix.Close(int(r)) } // nothing was written to it

// newRuleset forbids all that this version of Landlock can forbid.
func newRuleset(abi int) (ruleset, error) {
	attr := unix.LandlockRulesetAttr{Handled_access_fs: everyFileABI3}
	if abi >= 4 {
		attr.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	if abi >= 5 {
		attr.Handled_access_fs = everyFile
	}
	if abi >= 6 {
		attr.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET
	}
	if abi >= 7 { // before, threads of the host itself could not signal each other (an erratum of ABI 6)
		attr.Scoped |= unix.LANDLOCK_SCOPE_SIGNAL
	}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return -1, errno
	}
	return ruleset(fd), nil
}

// allow lets a plugin do what is in access with path and all below it. What does
// not exist needs no rule.
func (r ruleset) allow(path string, access uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return &os.PathError{Op: "open", Path: path, Err: err}
	}
	defer func() { _ = unix.Close(fd) }() // it was not even read
	return r.allowOpen(fd, access)
}

func (r ruleset) allowOpen(fd int, access uint64) error {
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return err
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFDIR {
		access &= execute | device // no other right is one of a file
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(r), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if errno != 0 && errno != unix.EBADFD { // a file in memory has no rules: whoever holds it may use it
		return errno
	}
	return nil
}

// enforce confines the calling thread and all that it starts, for ever.
func (r ruleset) enforce() error {
	_, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(r), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// libraries are where a program that is linked dynamically has its parts.
var libraries = []string{"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"}

// rules allow a process its own folder, its program and what is asked for.
func (r room) rules(abi int) (_ ruleset, err error) {
	rules, err := newRuleset(abi)
	if err != nil {
		return rules, err
	}
	defer func() {
		if err != nil {
			rules.close()
		}
	}()
	program := r.program.file
	if program == nil {
		if program, err = os.Open(r.program.path); err != nil {
			return rules, err
		}
		defer func() { _ = program.Close() }() // it was only read
	}
	err = errors.Join(
		rules.allow(r.dir, ownFolder),
		rules.allowOpen(int(program.Fd()), execute),
		rules.allow("/dev/null", device), rules.allow("/dev/urandom", readFile))
	for _, path := range r.readOnly {
		err = errors.Join(err, rules.allow(path, execute|readTree))
	}
	if loader := loaderOf(program); loader != "" {
		err = errors.Join(err, rules.allow(loader, execute))
		for _, path := range libraries {
			err = errors.Join(err, rules.allow(path, readTree))
		}
	}
	return rules, err
}

// loaderOf is the program that loads one which is linked dynamically; empty for
// any other.
func loaderOf(program *os.File) string {
	file, err := elf.NewFile(program)
	if err != nil {
		return "" // a script, or nothing that runs
	}
	for _, part := range file.Progs {
		if part.Type == elf.PT_INTERP {
			name := make([]byte, part.Filesz)
			if _, err := part.ReadAt(name, 0); err != nil {
				return ""
			}
			return strings.TrimRight(string(name), "\x00")
		}
	}
	return ""
}
