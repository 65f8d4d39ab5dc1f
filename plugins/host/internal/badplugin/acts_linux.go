package badplugin

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// Aims are what the forbidden acts aim at. All of them exist, and everybody has the
// file modes to reach them.
type Aims struct {
	Secret   string // a file
	Folder   string // a folder that everybody may write to, with the files "open" and "victim"
	Other    string // the folder of another plugin
	Host     int    // id of the host's process
	Sibling  int    // id of another process of the host's account
	TCP, UDP string // addresses that the host listens on
	Abstract string // an address of a Unix socket without a file
	Shared   int    // key of shared memory
	Leaked   int    // a descriptor that the host has open and forgot to close for its children
	Variable string // of the host's environment
}

// Act is something that no plugin may do. It gives nil when it was done.
type Act struct {
	Name string
	do   func(Aims) error
}

// Acts lists them.
var Acts = []Act{
	{"read the list of accounts", func(Aims) error { return read("/etc/passwd") }},
	{"read the server's data", func(a Aims) error { return read(a.Secret) }},
	{"write into another folder", func(a Aims) error {
		return os.WriteFile(filepath.Join(a.Folder, "new"+strconv.Itoa(os.Getpid())), nil, 0o600)
	}},
	{"change another file", func(a Aims) error { return touch(filepath.Join(a.Folder, "open"), os.O_WRONLY|os.O_APPEND) }},
	{"cut another file off", func(a Aims) error { return os.Truncate(filepath.Join(a.Folder, "open"), 0) }},
	{"delete another file", func(a Aims) error { return os.Remove(filepath.Join(a.Folder, "victim")) }},
	{"list the root directory", func(Aims) error { return list("/") }},
	{"list another plugin's folder", func(a Aims) error { return list(a.Other) }},
	{"move a file out of its folder", func(a Aims) error {
		return withFile("moved", func(path string) error { return os.Rename(path, filepath.Join(a.Folder, "moved")) })
	}},
	{"link another file into its folder", func(a Aims) error { return os.Link(a.Secret, "linked") }},
	{"read another file through a link", func(a Aims) error {
		return errors.Join(os.Symlink(a.Secret, "symlinked"), read("symlinked"))
	}},
	{"create a device", func(Aims) error { return unix.Mknod("device", unix.S_IFCHR|0o600, int(unix.Mkdev(1, 3))) }},
	{"open a device", func(Aims) error { return read("/dev/zero") }},
	{"run a shell", func(Aims) error { return exec.Command("/bin/sh", "-c", "exit 0").Run() }},
	{"run a program of its own making as another account", runMade},
	{"write a setting of the kernel", rewriteSetting},
	{"read the host's environment", func(a Aims) error { return read(fmt.Sprintf("/proc/%d/environ", a.Host)) }},
	{"read the host's memory", func(a Aims) error { return touch(fmt.Sprintf("/proc/%d/mem", a.Host), os.O_RDONLY) }},
	{"trace another process", func(a Aims) error { return unix.PtraceSeize(a.Sibling) }},
	{"signal the host", func(a Aims) error { return unix.Kill(a.Host, 0) }},
	{"signal another process", func(a Aims) error { return unix.Kill(a.Sibling, unix.SIGCONT) }},
	{"connect over TCP", func(a Aims) error { return dial("tcp", a.TCP) }},
	{"listen on TCP", listenTCP},
	{"send over UDP", func(a Aims) error { return dial("udp", a.UDP) }},
	{"connect to a socket without a file", func(a Aims) error { return dial("unix", a.Abstract) }},
	{"open a raw socket", func(Aims) error { return open(unix.Socket(unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_ICMP)) }},
	{"reach shared memory", func(a Aims) error { return open(unix.SysvShmGet(a.Shared, 0, 0)) }},
	{"mount a file system", mount},
	{"change its root directory", func(Aims) error { return unix.Chroot(".") }},
	{"make a network of its own", func(Aims) error { return unix.Unshare(unix.CLONE_NEWNET) }},
	{"change the host name", rename},
	{"become root", func(Aims) error { return syscall.Setuid(0) }},
	{"open 300 files", openMany},
	{"write a file of 17 MB", writeMuch},
	{"start 150 processes", startMany},
	{"read the host's secrets from the environment", func(a Aims) error {
		if _, there := os.LookupEnv(a.Variable); !there {
			return errors.New("not there")
		}
		return nil
	}},
	{"read a file that the host left open", func(a Aims) error { _, err := unix.Pread(a.Leaked, make([]byte, 1), 0); return err }},
}

// Try does one act.
func Try(name, aims string) error {
	var a Aims
	if err := json.Unmarshal([]byte(aims), &a); err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ) // a file that grows too large is an error
	runtime.LockOSThread()         // what an act does to its thread goes with the process
	for _, act := range Acts {
		if act.Name == name {
			return act.do(a)
		}
	}
	return fmt.Errorf("no act %q", name)
}

// tryAll tries all acts and gives in JSON what denied each, empty if nothing did.
func tryAll(aims string) (string, error) {
	results := map[string]string{}
	for _, act := range Acts {
		results[act.Name] = ""
		if err := Try(act.Name, aims); err != nil {
			results[act.Name] = err.Error()
		}
	}
	form, err := json.Marshal(results)
	return string(form), err
}

func touch(path string, flag int) error {
	file, err := os.OpenFile(path, flag, 0)
	if err != nil {
		return err
	}
	return file.Close()
}

func read(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	_, err = file.Read(make([]byte, 1))
	return err
}

func list(path string) error {
	_, err := os.ReadDir(path)
	return err
}

// withFile makes a file in the present folder.
func withFile(name string, do func(string) error) error {
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"), 0o700); err != nil {
		return err
	}
	defer func() { _ = os.Remove(name) }()
	return do(name)
}

func runMade(Aims) error {
	return withFile("made", func(path string) error {
		if err := os.Chmod(path, 0o755|os.ModeSetuid); err != nil {
			return err
		}
		return exec.Command("./" + path).Run()
	})
}

func rewriteSetting(Aims) error {
	const path = "/proc/sys/kernel/printk"
	present, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, present, 0)
}

func dial(network, address string) error {
	conn, err := net.Dial(network, address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	_, err = conn.Write([]byte("hello"))
	return err
}

func listenTCP(Aims) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	return listener.Close()
}

// open is for calls that give a descriptor or an id.
func open(_ int, err error) error { return err }

func mount(Aims) error {
	if err := unix.Mount("none", ".", "tmpfs", 0, ""); err != nil {
		return err
	}
	return unix.Unmount(".", unix.MNT_DETACH)
}

func rename(Aims) error {
	name, err := os.Hostname()
	if err != nil {
		name = "rounds" // it cannot be read, either
	}
	return unix.Sethostname([]byte(name))
}

func openMany(Aims) error {
	var files []*os.File
	defer func() {
		for _, file := range files {
			_ = file.Close()
		}
	}()
	for range 300 {
		file, err := os.Open(".")
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	return nil
}

func writeMuch(Aims) error {
	return withFile("much", func(path string) error { return os.WriteFile(path, make([]byte, 17<<20), 0) })
}

func startMany(Aims) error {
	var children []*exec.Cmd
	defer func() {
		for _, child := range children {
			_ = child.Process.Kill()
			_ = child.Wait()
		}
	}()
	for range 150 {
		child, err := startChild(nil, nil)
		if err != nil {
			return err
		}
		children = append(children, child)
	}
	return nil
}
