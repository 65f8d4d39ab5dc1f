// Package dbtest gives tests and tools real databases: an SQLite file, and a
// PostgreSQL cluster of their own made from the binaries on this machine.
package dbtest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the PostgreSQL driver, "pgx"
)

// ErrNoPostgres is returned where PostgreSQL's server binaries are not installed.
var ErrNoPostgres = errors.New("no PostgreSQL server binaries found (initdb, postgres): install the package postgresql, or set ROUNDS_TEST_DATABASE_URL")

// Cluster is a throw-away PostgreSQL server. It listens on a Unix socket only and
// dies with the process that started it.
type Cluster struct {
	dir string
	cmd *exec.Cmd
	// exited is closed when the server has ended.
	exited chan struct{}
	log    bytes.Buffer
}

// StartCluster makes a cluster in a temporary folder and starts it. settings are
// server settings such as "fsync=off". As root it runs as the account postgres,
// or else nobody, for PostgreSQL refuses to run as root.
func StartCluster(ctx context.Context, settings ...string) (_ *Cluster, err error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "rounds-pg-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, exited: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	credential, err := unprivileged()
	if err != nil {
		return nil, err
	}
	if credential != nil {
		if err := os.Chown(dir, int(credential.Uid), int(credential.Gid)); err != nil {
			return nil, err
		}
	}
	data := filepath.Join(dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "rounds", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
	initdb.Dir = dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	args := []string{"-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=300"}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	c.cmd = exec.Command(filepath.Join(bin, "postgres"), args...)
	c.cmd.Dir = dir
	c.cmd.Stdout, c.cmd.Stderr = &c.log, &c.log
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential, Setpgid: true, Pdeathsig: syscall.SIGQUIT}
	if err := c.start(); err != nil {
		return nil, err
	}
	if err := c.waitReady(ctx); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

// start starts the server from a thread that lives as long as it does, because
// the kernel sends the parent-death signal when the starting thread ends.
func (c *Cluster) start() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := c.cmd.Start()
		started <- err
		if err == nil {
			_ = c.cmd.Wait() // how it ended is in its log
			close(c.exited)
		}
	}()
	return <-started
}

func (c *Cluster) waitReady(ctx context.Context) (err error) {
	pool, err := sql.Open("pgx", c.URL("postgres"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := pool.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-c.exited:
			return fmt.Errorf("postgres ended at once:\n%s", c.log.String())
		case <-ctx.Done():
			return fmt.Errorf("waiting for postgres: %w\n%s", err, c.log.String())
		}
	}
}

// URL returns the address of a database of the cluster.
func (c *Cluster) URL(database string) string {
	return "postgres://rounds@/" + database + "?host=" + c.dir
}

// Stop ends the server and removes its folder.
func (c *Cluster) Stop() error {
	_ = c.cmd.Process.Signal(syscall.SIGINT) // fast shutdown; an error means that it has ended
	select {
	case <-c.exited:
	case <-time.After(10 * time.Second):
		_ = c.cmd.Process.Kill()
		<-c.exited
	}
	return os.RemoveAll(c.dir)
}

// binaries finds the newest installed server.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	best, newest := "", -1
	for _, path := range found {
		bin := filepath.Dir(path)
		version, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(filepath.Dir(bin)), "/"))
		if err == nil && version > newest {
			best, newest = bin, version
		}
	}
	if best == "" {
		return "", ErrNoPostgres
	}
	return best, nil
}

// unprivileged returns the account to run as; nil for this process's own.
func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		account, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL refuses to run as root and there is no other account: %w", err)
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}
