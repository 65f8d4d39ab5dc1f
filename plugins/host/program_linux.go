package host

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// sealed gives an open file with what write writes. It lies in memory and is
// sealed: no process, whatever its account, can change it any more
// (memfd_create(2)). Where the kernel refuses to run such files it is a copy in dir,
// which only this account can reach.
func sealed(dir string, write func(io.Writer) error) (*os.File, error) {
	fd, err := unix.MemfdCreate("plugin", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING|unix.MFD_EXEC)
	if errors.Is(err, unix.EINVAL) { // before Linux 6.3 every such file could be run
		fd, err = unix.MemfdCreate("plugin", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	}
	if err != nil {
		return privateCopy(dir, write)
	}
	file := os.NewFile(uintptr(fd), "plugin")
	defer func() { _ = file.Close() }() // sealed or given up
	if err := write(file); err != nil {
		return nil, err
	}
	const seals = unix.F_SEAL_WRITE | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_SEAL
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals); err != nil {
		return nil, err
	}
	return os.Open(fmt.Sprintf("/proc/self/fd/%d", fd)) // a file that is open for writing cannot be run
}
