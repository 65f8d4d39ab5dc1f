// Package importer reads a CSV file and hands its rows, as a mapping says, to the
// use case that imports cases: in batches, in the order of the file, with memory
// that does not grow with the file.
//
// What a case must look like is decided in package quality. This package knows
// files, mappings and rows, and neither the command line nor the terminal.
package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"

	"github.com/rs/zerolog"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/quality"
)

// Cases is the use case that takes the cases over; [quality.Service] is one.
type Cases interface {
	ImportCases(ctx context.Context, in quality.ImportCases) (*quality.CasesImported, error)
}

// Config says what to import and how.
type Config struct {
	Cases   Cases    // required
	Mapping *Mapping // required
	Logger  zerolog.Logger

	// Batch is how many cases are written in one transaction. Default: 2,000.
	Batch int
	// FromLine skips the rows that begin before this line of the file, the header
	// being line 1.
	FromLine int
	// Rehearse checks everything and writes nothing.
	Rehearse bool
	// Bad is told each row that cannot be imported, in the order of the file. An
	// error ends the import. Default: nobody is told.
	Bad func(BadRow) error
	// Progress is told after each batch how far the import has come: how many rows
	// were read, and how many bytes of the file they took. Default: nobody is told.
	Progress func(rows, offset int64)
}

// maxBatchBytes bounds how much of the file waits to be written.
const maxBatchBytes = 8 << 20

// BadRow is a row that was not imported.
type BadRow struct {
	Line       int    // on which the row begins; the header is on line 1
	ExternalID string // "" if the row has none
	// Reasons name the field of the case or the column of the file. They repeat no
	// customer's data.
	Reasons []string
}

// Report is what became of a file.
type Report struct {
	Rows     int64 // read, without those that were skipped
	Skipped  int64 // before FromLine
	Imported int64
	Known    int64 // already there
	Bad      int64

	Sites, Departments, Customers int64 // that were made for the cases

	// NextLine is a line before which no row begins that was not dealt with; 0 when
	// the file was read to its end.
	NextLine int
}

// Run imports a file. When ctx ends, it imports the rows that it has read and returns
// the report with NextLine set and no error; whoever reads from a pipe lets the
// reading fail then. After an error the rows of earlier batches
// stay imported, and running again does not import them twice.
func Run(ctx context.Context, cfg Config, file io.Reader) (Report, error) {
	cfg.Batch = cmp.Or(cfg.Batch, 2000)
	rows, err := newReader(file, cfg.Mapping.CSV)
	if err != nil {
		return Report{}, err
	}
	if err := cfg.Mapping.checkColumns(rows.columns); err != nil {
		return Report{}, err
	}
	r := &run{Config: cfg, rows: rows, seen: map[uint64]struct{}{}, seed: maphash.MakeSeed()}
	err = r.all(ctx)
	return r.report, err
}

// run is one import under way.
type run struct {
	Config
	rows   *reader
	report Report
	batch  []item
	bytes  int64 // that the batch takes of the file
	begun  bool  // a batch was written
	// seen holds hashes of the external ids that a rehearsal has come upon; what is
	// really imported is known to the database.
	seen map[uint64]struct{}
	seed maphash.Seed
}

// item is a row that waits to be written, or to be told as a bad one in its turn.
type item struct {
	BadRow
	known   bool
	imports quality.ImportCase
}

func (r *run) all(ctx context.Context) error {
	for {
		before := r.rows.offset()
		if ctx.Err() != nil {
			r.report.NextLine = r.rows.line + 1
			return r.flush(ctx)
		}
		record, err := r.rows.next()
		if errors.Is(err, io.EOF) {
			return r.flush(ctx)
		}
		if err != nil && ctx.Err() != nil {
			continue // the reading was broken off
		}
		if err != nil {
			return errors.Join(r.flush(ctx), err)
		}
		if record.line < r.FromLine {
			r.report.Skipped++
			continue
		}
		r.report.Rows++
		r.batch = append(r.batch, r.item(record))
		r.bytes += r.rows.offset() - before
		if len(r.batch) == r.Batch || r.bytes > maxBatchBytes {
			if err := r.flush(ctx); err != nil {
				return err
			}
		}
	}
}

func (r *run) item(record *record) item {
	row := item{BadRow: BadRow{Line: record.line, Reasons: record.problems}}
	if len(record.problems) > 0 {
		return row
	}
	row.imports = r.Mapping.build(record)
	row.ExternalID, row.Reasons = row.imports.ExternalID, record.problems
	if r.Rehearse && len(row.Reasons) == 0 {
		id := maphash.String(r.seed, row.ExternalID)
		_, row.known = r.seen[id]
		r.seen[id] = struct{}{}
	}
	return row
}

// flush writes the batch. What was begun is finished although ctx may have ended.
func (r *run) flush(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	if !r.begun {
		if err := r.rows.checkEncoding(); err != nil {
			return err
		}
		r.begun = true
	}
	var good []*item
	for i := range r.batch {
		if row := &r.batch[i]; len(row.Reasons) == 0 && !row.known {
			good = append(good, row)
		}
	}
	if err := r.write(ctx, good); err != nil {
		return err
	}
	for _, row := range r.batch {
		switch {
		case row.known:
			r.report.Known++
		case len(row.Reasons) == 0:
			r.report.Imported++
		default:
			r.report.Bad++
			if r.Bad == nil {
				continue
			}
			if err := r.Bad(row.BadRow); err != nil {
				return err
			}
		}
	}
	clear(r.batch)
	r.batch, r.bytes = r.batch[:0], 0
	if r.Progress != nil {
		r.Progress(r.report.Rows+r.report.Skipped, r.rows.offset())
	}
	return nil
}

// write imports rows together or, if that fails, one half after the other, so that a
// row that the database refuses does not take its neighbours with it.
func (r *run) write(ctx context.Context, rows []*item) error {
	if len(rows) == 0 {
		return nil
	}
	err := r.writeTogether(ctx, rows)
	var rejected quality.Rejection
	switch {
	case err == nil || errors.As(err, &rejected):
		return err
	case len(rows) > 1:
		if err := r.write(ctx, rows[:len(rows)/2]); err != nil {
			return err
		}
		return r.write(ctx, rows[len(rows)/2:])
	case db.IsConstraintError(err) || db.IsValidationError(err):
		r.Logger.Error().Err(err).Int("line", rows[0].Line).Msg("database refused an imported case")
		rows[0].Reasons = []string{"the database refuses it; the log says why"}
		return nil
	default:
		return fmt.Errorf("line %d: %w", rows[0].Line, err)
	}
}

func (r *run) writeTogether(ctx context.Context, rows []*item) error {
	in := quality.ImportCases{Site: r.Mapping.site(), Cases: make([]quality.ImportCase, len(rows)), Rehearse: r.Rehearse}
	for i, row := range rows {
		in.Cases[i] = row.imports
	}
	out, err := r.Cases.ImportCases(ctx, in)
	if err != nil {
		return err
	}
	for i, c := range out.Cases {
		if rows[i].known = c.Known(); !rows[i].known {
			rows[i].Reasons = reasons(c.Rejection)
		}
	}
	r.report.Sites += int64(out.Sites)
	r.report.Departments += int64(out.Departments)
	r.report.Customers += int64(out.Customers)
	return nil
}
