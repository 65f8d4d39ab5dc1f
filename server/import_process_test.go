package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/events"
)

const importMapping = `
site: {code: hotel, create: {name: Hotel, kind: HOTEL, country: CN, timeZone: Asia/Shanghai}}
department: {code: "{desk}"}
times: {zone: Asia/Shanghai, layouts: ["2006-01-02 15:04"]}
case:
  externalId: "{no}"
  kind: COMPLAINT
  channel: IN_PERSON
  severity: MINOR
  status: CLOSED
  subject: "{what}"
  openedAt: "{from}"
  closedAt: "{to}"
  resolution: "{remedy}"
  closure: CUSTOMER_AGREED
  closureReason: The guest agreed.
customer: {externalId: "{guest}", name: "{guest}"}
`

const importHeader = "no,desk,what,from,to,remedy,guest\n"

// importRow is the n-th row of a file.
func importRow(n int) string {
	return fmt.Sprintf("A%d,Desk %d,The air conditioning of room %d is loud,2026-03-01 14:00,2026-03-02 09:30,\"The fan was replaced, and the guest thanked us.\",Guest %d\n", n, n%7, n%300, n%50)
}

// importing is a server process that imports from a file or a pipe.
type importing struct {
	*exec.Cmd
	dir, url       string // url is that of PostgreSQL, or "" for SQLite
	stdout, stderr bytes.Buffer
}

func newImporting(t testing.TB, url string) *importing {
	t.Helper()
	i := &importing{dir: t.TempDir(), url: url}
	if err := os.WriteFile(filepath.Join(i.dir, "map.yaml"), []byte(importMapping), 0o600); err != nil {
		t.Fatal(err)
	}
	return i
}

// start starts the server on the file.
func (i *importing) start(t testing.TB, program, file string, flags ...string) {
	t.Helper()
	args := append([]string{"import", "cases", "--data-dir", i.dir, "--map", filepath.Join(i.dir, "map.yaml"), "--errors", filepath.Join(i.dir, "errors.csv"), file}, flags...)
	if i.url != "" {
		args = append(args, "--database-url", i.url)
	}
	i.Cmd = exec.CommandContext(t.Context(), program, args...)
	i.stdout.Reset()
	i.stderr.Reset()
	i.Stdout, i.Stderr = &i.stdout, &i.stderr
	if err := i.Start(); err != nil {
		t.Fatal(err)
	}
}

// all imports a file to its end and returns what was said.
func (i *importing) all(t testing.TB, program, file string, flags ...string) string {
	t.Helper()
	i.start(t, program, file, flags...)
	if err := i.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, i.stderr.String())
	}
	return i.stdout.String()
}

// write writes a file of n rows.
func (i *importing) write(t testing.TB, n int) string {
	t.Helper()
	path := filepath.Join(i.dir, fmt.Sprintf("%d.csv", n))
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	writeRows(w, 0, n)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func writeRows(w io.Writer, from, to int) {
	if from == 0 {
		_, _ = io.WriteString(w, importHeader) // whoever reads the pipe may be killed
	}
	for n := from; n < to; n++ {
		if _, err := io.WriteString(w, importRow(n)); err != nil {
			return
		}
	}
}

// database opens what the process writes to.
func (i *importing) database(t testing.TB) *ent.Database {
	t.Helper()
	if i.url != "" {
		return dbtest.Open(t, i.url)
	}
	return dbtest.Open(t, filepath.Join(i.dir, "rounds.db"))
}

// await waits until so many cases are there.
func await(t testing.TB, d *ent.Database, cases int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ent.AsSystem(t.Context()), time.Minute)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		n, err := d.ServiceCase.Query().Count(ctx)
		if err != nil {
			t.Fatalf("waiting for %d cases: %v", cases, err)
		}
		if n >= cases {
			return
		}
		<-tick.C
	}
}

// whole checks that each of n rows was imported once, with all that belongs to it.
func whole(t testing.TB, d *ent.Database, n int) {
	t.Helper()
	ctx := ent.AsSystem(t.Context())
	cases, err := d.ServiceCase.Query().Count(ctx)
	if err != nil || cases != n {
		t.Errorf("%d cases, want %d: %v", cases, n, err)
	}
	lines, err := d.CaseEntry.Query().Count(ctx)
	if err != nil || lines != 2*n {
		t.Errorf("%d lines, want %d: %v", lines, 2*n, err)
	}
	customers, err := d.Customer.Query().Count(ctx)
	if err != nil || customers != min(n, 50) {
		t.Errorf("%d customers, want %d: %v", customers, min(n, 50), err)
	}
	report, err := events.Verify(ctx, d, nil)
	if want := int64(n + 1 + min(n, 7) + min(n, 50)); err != nil || report.Break != nil || report.Events != want {
		t.Errorf("the event log: %+v, want %d events: %v", report, want, err)
	}
}

// onBoth runs a test with importing processes on both databases.
func onBoth(t *testing.T, test func(*testing.T, *importing)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newImporting(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(t, newImporting(t, dbtest.PostgresURL(t))) })
}

// The process is killed while it imports, again and again. Whenever that is, the
// next run finds whole batches and goes on after them.
func TestAnImportIsKilled(t *testing.T) {
	const rows = 9000
	onBoth(t, func(t *testing.T, i *importing) {
		d := i.database(t)
		file := i.write(t, rows)
		for _, killAt := range []int{1, 2001, 4001} {
			i.start(t, "server", file)
			await(t, d, killAt)
			if err := i.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			if err := i.Wait(); err == nil {
				t.Fatalf("the import had ended before it was killed:\n%s", i.stdout.String())
			}
		}
		said := i.all(t, "server", file)
		if !strings.Contains(said, "9000 rows read: ") || strings.Contains(said, ": 9000 imported") || strings.Contains(said, " 0 already there") {
			t.Errorf("the last run said %q", said)
		}
		whole(t, d, rows)
	})
}

// An interrupt ends the import after what it has read, says how to go on, and does
// so also while the file is a pipe that brings nothing.
func TestAnImportIsInterrupted(t *testing.T) {
	onBoth(t, func(t *testing.T, i *importing) {
		d := i.database(t)
		pipe := filepath.Join(i.dir, "pipe")
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
		i.start(t, "server", pipe)
		w, err := os.OpenFile(pipe, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		writeRows(w, 0, 4000) // two batches; the file is not at its end
		await(t, d, 4000)
		writeRows(w, 4000, 4100)
		if err := i.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		err = i.Wait()
		if closing := w.Close(); closing != nil {
			t.Error(closing)
		}
		if err == nil || i.ProcessState.ExitCode() != 1 || !strings.Contains(i.stderr.String(), "to go on, run the same command again") {
			t.Errorf("it ended with %v and said %q", err, i.stderr.String())
		}
		said := i.all(t, "server", i.write(t, 4500))
		if !strings.HasPrefix(said, "4500 rows read: ") || !strings.Contains(said, ", 0 bad") {
			t.Errorf("it went on with %q", said)
		}
		whole(t, d, 4500)
	})
}

// An import that is told to end in the middle of a file names the line at which the
// next one can begin.
func TestAnImportIsToldToEnd(t *testing.T) {
	const rows = 12_000
	onBoth(t, func(t *testing.T, i *importing) {
		d := i.database(t)
		file := i.write(t, rows)
		i.start(t, "server", file)
		await(t, d, 1)
		if err := i.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		err := i.Wait()
		next := regexp.MustCompile(`stopped before line (\d+); .* --from-row=(\d+)`).FindStringSubmatch(i.stderr.String())
		if err == nil || i.ProcessState.ExitCode() != 1 || next == nil || next[1] != next[2] {
			t.Fatalf("it ended with %v and said %q", err, i.stderr.String())
		}
		line, err := strconv.Atoi(next[1])
		if err != nil {
			t.Fatal(err)
		}
		imported, err := d.ServiceCase.Query().Count(ent.AsSystem(t.Context()))
		if err != nil || imported != line-2 { // the header, and the line itself
			t.Errorf("%d cases are there, but it stopped before line %d: %v", imported, line, err)
		}
		said := i.all(t, "server", file, "--from-row", next[1])
		if !strings.HasPrefix(said, fmt.Sprintf("%d rows read: %[1]d imported, 0 already there, 0 bad", rows-imported)) {
			t.Errorf("it went on with %q", said)
		}
		whole(t, d, rows)
	})
}

// large writes a file of n rows of so many bytes, cases of all times among each other.
func (i *importing) large(t testing.TB, n, size int) string {
	t.Helper()
	mapping := strings.Replace(importMapping, "  subject:", "  description: \"{story}\"\n  subject:", 1)
	mapping = strings.Replace(mapping, `name: "{guest}"}`, `name: "{guest}", phone: "{phone}"}`, 1)
	if err := os.WriteFile(filepath.Join(i.dir, "map.yaml"), []byte(mapping), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(i.dir, "large.csv")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	_, _ = w.WriteString("no,desk,what,from,to,remedy,guest,phone,story\n") // told by Flush
	story := strings.Repeat("The guest told us more. ", size/24)
	first := time.Date(2022, time.January, 1, 0, 0, 0, 0, time.UTC)
	for k := range n {
		from := first.Add(time.Duration(k*7919%n) * time.Hour / 4)
		fmt.Fprintf(w, "A%d,Desk %d,Noise in room %d,%s,%s,The fan was replaced.,Guest %d,138%08d,%s\n",
			k, k%30, k%300, from.Format("2006-01-02 15:04"), from.Add(30*time.Hour).Format("2006-01-02 15:04"), k, k, story)
	}
	if err := errors.Join(w.Flush(), file.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// peak imports so many rows of so many bytes and returns the most memory, in bytes,
// that the process had.
func peak(t *testing.T, program string, rows, size int) int64 {
	i := newImporting(t, "")
	said := i.all(t, program, i.large(t, rows, size))
	if !strings.HasPrefix(said, fmt.Sprintf("%d rows read: %[1]d imported", rows)) {
		t.Fatalf("it said %q", said)
	}
	usage := i.ProcessState.SysUsage().(*syscall.Rusage)
	t.Logf("%d rows took %d MB: %s", rows, usage.Maxrss>>10, said)
	return usage.Maxrss << 10
}

// The memory that an import takes does not grow with the file: of the 70 MB that one
// file is longer than the other, little is seen. The long form measures the program
// as it is shipped against the bound of 200 MB.
func TestAnImportNeedsLittleMemory(t *testing.T) {
	if os.Getenv("ROUNDS_SOAK") == "" {
		few, many := peak(t, "server", 1000, 18_000), peak(t, "server", 5000, 18_000)
		if many > few+40<<20 {
			t.Errorf("5,000 rows took %d MB, 1,000 rows %d MB", many>>20, few>>20)
		}
		return
	}
	program := filepath.Join(t.TempDir(), "server")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if used := peak(t, program, 100_000, 500); used > 200<<20 {
		t.Errorf("100,000 rows took %d MB", used>>20)
	}
}

// On a terminal the import shows how far it is.
func TestAnImportOnATerminal(t *testing.T) {
	master, terminal := openTerminal(t)
	i := newImporting(t, "")
	i.start(t, "true", "") // for its arguments
	if err := i.Wait(); err != nil {
		t.Fatal(err)
	}
	file := i.write(t, 4500)
	cmd := exec.CommandContext(t.Context(), "server", append(i.Args[1:len(i.Args)-1], file)...)
	cmd.Stdout, cmd.Stderr = &i.stdout, terminal
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := terminal.Close(); err != nil {
		t.Fatal(err)
	}
	shown, _ := io.ReadAll(master) // ends in an error when the terminal has no writer any more
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, shown)
	}
	if text := string(shown); !strings.Contains(text, "importing") || !regexp.MustCompile(`\(2000/4[45]\d\d, `).MatchString(text) {
		t.Errorf("the terminal showed %q", text)
	}
	if !strings.HasPrefix(i.stdout.String(), "4500 rows read: 4500 imported") {
		t.Errorf("it said %q", i.stdout.String())
	}
}

// The real file comes over by the command and the mapping that docs/import.md tells,
// once, however often.
func TestAnImportOfTheRealFile(t *testing.T) {
	file := cmp.Or(os.Getenv("ROUNDS_REAL_DATA"), "../../shared/real") + "/service-requests-nyc311.csv"
	if _, err := os.Stat(file); err != nil {
		t.Skipf("set ROUNDS_REAL_DATA to the folder that has service-requests-nyc311.csv: %v", err)
	}
	mapping, err := os.ReadFile("../docs/examples/nyc311.yaml")
	if err != nil {
		t.Fatal(err)
	}
	onBoth(t, func(t *testing.T, i *importing) {
		if err := os.WriteFile(filepath.Join(i.dir, "map.yaml"), mapping, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"1000 rows read: 1000 imported, 0 already there, 0 bad", "1000 rows read: 0 imported, 1000 already there, 0 bad"} {
			if said := i.all(t, "server", file); !strings.HasPrefix(said, want) {
				t.Errorf("it said %q, want %q", said, want)
			}
			if _, err := os.Stat(filepath.Join(i.dir, "errors.csv")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("there is a file of bad rows: %v", err)
			}
		}
		d := i.database(t)
		cases, err := d.ServiceCase.Query().Count(ent.AsSystem(t.Context()))
		if err != nil || cases != 1000 {
			t.Errorf("%d cases, want 1000: %v", cases, err)
		}
		if report, err := events.Verify(t.Context(), d, nil); err != nil || report.Break != nil || report.Events != 1011 {
			t.Errorf("the event log: %+v, want 1011 events: %v", report, err)
		}
	})
}
