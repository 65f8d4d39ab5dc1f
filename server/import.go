package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/server/importer"
)

// importCommand brings records in from other systems.
type importCommand struct {
	Cases importCases `cmd:"" help:"Import cases and their customers from a CSV file. Running it again imports only what is not there yet."`
}

type importCases struct {
	File    string `arg:"" type:"existingfile" placeholder:"FILE.csv" help:"The CSV file."`
	Map     string `required:"" type:"existingfile" placeholder:"MAPPING" help:"File that says how rows become cases; docs/import.md describes it."`
	Errors  string `type:"path" placeholder:"FILE" help:"Where to write the rows that cannot be imported, with the reasons (default: the file's name with .errors.csv after it)."`
	FromRow int    `placeholder:"LINE" help:"Skip the rows that begin before this line of the file."`
	DryRun  bool   `help:"Check every row and write nothing to the database."`
}

// someBad is the exit code of an import that left rows out.
const someBad = 3

// Run imports the file, says what became of it, and ends with code 3 if some rows
// were left out.
func (c *importCases) Run(s *session) (err error) {
	mapping, err := importer.ReadMapping(c.Map)
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if c.Errors == "" {
		c.Errors = c.File + ".errors.csv"
	}
	bad, err := newBadRows(c.Errors, c.FromRow > 0, c.File, c.Map)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bad.close()) }()
	core, err := s.openCore(false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, core.db.Close()) }()

	defer context.AfterFunc(s.ctx, func() { _ = file.SetReadDeadline(time.Unix(1, 0)) })() // wakes it from waiting for a pipe
	bar, size := newProgress(s.stderr, "importing"), sizeOf(file)
	began := core.now()
	report, err := importer.Run(ent.AsSystem(s.ctx), importer.Config{
		Cases: core.quality, Mapping: mapping, Logger: core.log, FromLine: c.FromRow, Rehearse: c.DryRun, Bad: bad.add,
		// How many rows are still to come is told from the length of those before.
		Progress: func(rows, offset int64) { bar.set(rows, rows*max(size, offset)/max(offset, 1)) },
	}, file)
	bar.finish()
	// Events of this import get their place in the log also where no server runs.
	_, late := core.events.Sequence(context.WithoutCancel(s.ctx))
	c.tell(s.stdout, report, core.now().Sub(began))
	switch err = errors.Join(err, late); {
	case err != nil:
		return fmt.Errorf("importing %s: %w", c.File, err)
	case report.NextLine > 0:
		return fmt.Errorf("stopped before line %d; to go on, run the same command again, which passes over what is there, or add --from-row=%d", report.NextLine, report.NextLine)
	case report.Bad > 0:
		return exitError{someBad}
	}
	return nil
}

// tell says what became of the file.
func (c *importCases) tell(w io.Writer, r importer.Report, took time.Duration) {
	imported := "imported"
	if c.DryRun {
		imported = "could be imported"
	}
	fmt.Fprintf(w, "%d rows read: %d %s, %d already there, %d bad", r.Rows, r.Imported, imported, r.Known, r.Bad)
	if seconds := took.Seconds(); seconds > 0 {
		fmt.Fprintf(w, " (%.0f rows a second)", float64(r.Rows)/seconds)
	}
	fmt.Fprintln(w)
	if r.Skipped > 0 {
		fmt.Fprintf(w, "%d rows before line %d were skipped.\n", r.Skipped, c.FromRow)
	}
	if made := r.Sites + r.Departments + r.Customers; made > 0 && !c.DryRun {
		fmt.Fprintf(w, "New for them: %d sites, %d departments, %d customers.\n", r.Sites, r.Departments, r.Customers)
	}
	if r.Bad > 0 {
		fmt.Fprintf(w, "The bad rows and what is wrong with them: %s\n", c.Errors)
	}
	if c.DryRun {
		fmt.Fprintln(w, "This was a dry run: nothing was imported.")
	}
}

// sizeOf returns the size of a file, 0 for a pipe.
func sizeOf(f *os.File) int64 {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

// badRows is the file that tells the bad rows. It is there after an import that had
// some, and only then.
type badRows struct {
	file *os.File
	csv  *csv.Writer
	keep bool // it holds bad rows, or the path names a device, a pipe or a link
}

// newBadRows makes the file, for this account's eyes only, or goes on with one that
// is there. It refuses to overwrite one that the import reads.
func newBadRows(path string, goOn bool, reads ...string) (_ *badRows, err error) {
	for _, other := range reads {
		if same(path, other) {
			return nil, fmt.Errorf("%s is read by the import: name another file by --errors", path)
		}
	}
	before := os.O_TRUNC
	if goOn {
		before = os.O_APPEND
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|before, 0o600)
	if err != nil {
		return nil, fmt.Errorf("making the file of bad rows: %w", err)
	}
	b := &badRows{file: file, csv: csv.NewWriter(file), keep: true}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close())
		}
	}()
	named, err := os.Lstat(path)
	if err != nil {
		return nil, fmt.Errorf("making the file of bad rows: %w", err)
	}
	opened, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("making the file of bad rows: %w", err)
	}
	if b.keep = !named.Mode().IsRegular() || opened.Size() > 0; opened.Size() > 0 {
		return b, nil
	}
	return b, b.write("line", "external_id", "reasons")
}

func same(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return filepath.Clean(a) == filepath.Clean(b)
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

func (b *badRows) add(r importer.BadRow) error {
	b.keep = true
	return b.write(strconv.Itoa(r.Line), r.ExternalID, strings.Join(r.Reasons, "; "))
}

// write writes through, so that nothing is lost if the import is killed.
func (b *badRows) write(fields ...string) error {
	_ = b.csv.Write(fields) // told by Error
	b.csv.Flush()
	if err := b.csv.Error(); err != nil {
		return fmt.Errorf("writing the file of bad rows: %w", err)
	}
	return nil
}

func (b *badRows) close() error {
	err := b.file.Close()
	if !b.keep {
		err = errors.Join(err, os.Remove(b.file.Name()))
	}
	return err
}
