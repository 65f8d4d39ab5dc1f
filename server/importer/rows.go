package importer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxRow bounds the length of a row, in bytes. A longer one is nearly always a
// quotation mark that is never closed.
const maxRow = 4 << 20

// reader reads the rows of a CSV file as RFC 4180 describes it, whose lines may end
// in LF alone.
type reader struct {
	csv     *csv.Reader
	bound   *bound
	columns map[string][]int // where each name of the header stands
	width   int
	empty   map[string]bool
	line    int // on which the last row began

	foreign, beyond int // rows that are not UTF-8, and rows that are not ASCII
}

// record is a row of the file. It holds until the next one is read.
type record struct {
	line     int
	fields   []string
	columns  map[string][]int
	empty    map[string]bool
	problems []string
}

// newReader reads the header.
func newReader(file io.Reader, format CSVFormat) (*reader, error) {
	limited := &bound{file: file}
	buffered := bufio.NewReaderSize(limited, 64<<10)
	r := &reader{bound: limited, columns: map[string][]int{}, empty: map[string]bool{}}
	start, err := buffered.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	switch {
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}), bytes.HasPrefix(start, []byte{0xfe, 0xff}):
		return nil, errors.New("the file is UTF-16: save it as UTF-8")
	case bytes.Equal(start, []byte("PK\x03")), bytes.HasPrefix(start, []byte{0x1f, 0x8b}):
		return nil, errors.New("the file is a spreadsheet or is compressed: save it as CSV, or decompress it")
	case bytes.Equal(start, []byte{0xef, 0xbb, 0xbf}):
		_, _ = buffered.Discard(3) // they have been seen
	}
	r.csv = csv.NewReader(buffered)
	r.csv.Comma, r.csv.FieldsPerRecord, r.csv.ReuseRecord = format.separator(), -1, true
	for _, value := range format.Empty {
		r.empty[value] = true
	}
	header, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty: its first line has to name the columns")
	}
	if err != nil {
		return nil, fmt.Errorf("reading the header: %w", readable(err))
	}
	if err := checkHeader(strings.Join(header, "")); err != nil {
		return nil, err
	}
	for i, name := range header {
		name = strings.TrimSpace(strings.Clone(name))
		r.columns[name] = append(r.columns[name], i)
	}
	r.width = len(header)
	return r, nil
}

// checkHeader recognises by the names of the columns what cannot be read as a whole.
func checkHeader(names string) error {
	switch {
	case strings.ContainsRune(names, 0):
		return errors.New("the header contains NUL characters: probably the file is UTF-16; save it as UTF-8")
	case !utf8.ValidString(names):
		return errNotUTF8
	case strings.ContainsRune(names, '\r'):
		return errors.New("the lines end in CR alone: save the file with lines that end in LF or CRLF")
	}
	return nil
}

var errNotUTF8 = errors.New("the file is not UTF-8: save it as UTF-8, or convert it; if it is GB18030 (or GBK), by iconv -f GB18030 -t UTF-8")

// checkEncoding judges from the rows read so far. Of a file in another encoding the
// odd row with one or two letters can be taken for UTF-8, and would be imported as
// what nobody wrote: where most rows are something else, so are these.
func (r *reader) checkEncoding() error {
	if r.foreign >= 3 && 2*r.foreign > r.beyond {
		return errNotUTF8
	}
	return nil
}

// count counts a row for checkEncoding.
func (r *reader) count(fields []string) {
	ascii := true
	for _, f := range fields {
		if !utf8.ValidString(f) {
			r.foreign++
			r.beyond++
			return
		}
		ascii = ascii && utf8.RuneCountInString(f) == len(f)
	}
	if !ascii {
		r.beyond++
	}
}

// offset is how many bytes of the file were read, without a byte order mark.
func (r *reader) offset() int64 { return r.csv.InputOffset() }

// next returns the next row, which may be a bad one, or io.EOF. Any other error
// means that the file cannot be read on.
func (r *reader) next() (*record, error) {
	r.bound.read = 0
	fields, err := r.csv.Read()
	rec := &record{fields: fields, columns: r.columns, empty: r.empty}
	var wrong *csv.ParseError
	switch {
	case errors.As(err, &wrong):
		rec.line = wrong.StartLine
		rec.problem("", readable(err).Error())
	case errors.Is(err, errTooLong):
		return nil, fmt.Errorf("the row after the one on line %d: %w", r.line, err)
	case err != nil && !errors.Is(err, io.EOF):
		return nil, fmt.Errorf("reading the file: %w", err)
	case err != nil:
		return nil, err
	default:
		rec.line, _ = r.csv.FieldPos(0)
		r.count(fields)
		if len(fields) != r.width {
			rec.problem("", fmt.Sprintf("the row has %d fields, the header %d", len(fields), r.width))
		}
	}
	r.line = rec.line
	return rec, nil
}

// readable says in plain words what is wrong with a row's quotation marks.
func readable(err error) error {
	var wrong *csv.ParseError
	switch {
	case !errors.As(err, &wrong):
		return err
	case errors.Is(err, csv.ErrBareQuote):
		return fmt.Errorf("line %d, column %d: a quotation mark inside a field that does not begin with one", wrong.Line, wrong.Column)
	default:
		return fmt.Errorf("line %d, column %d: a quotation mark is not closed, or text follows a closing one; what it covers was taken as one row", wrong.Line, wrong.Column)
	}
}

// problem notes what is wrong with the row; where is the field of the case, "" for
// the row as a whole.
func (r *record) problem(where, what string) {
	if where != "" {
		what = where + ": " + what
	}
	if !slices.Contains(r.problems, what) { // a column may be used several times
		r.problems = append(r.problems, what)
	}
}

// needs notes that a field is empty, unless it is so because its value was wrong.
func (r *record) needs(field string, there bool) {
	told := func(problem string) bool { return strings.HasPrefix(problem, field+": ") }
	if !there && !slices.ContainsFunc(r.problems, told) {
		r.problem(field, "it must not be empty")
	}
}

// get returns the content of a column, without spaces around it; "" if it counts as
// empty.
func (r *record) get(column string) string {
	value := strings.TrimSpace(r.fields[r.columns[column][0]])
	switch {
	case r.empty[value]:
		return ""
	case !utf8.ValidString(value):
		r.problem("", fmt.Sprintf("the column %q is not UTF-8: save the file as UTF-8", column))
		return strings.ToValidUTF8(value, "\uFFFD")
	case strings.ContainsRune(value, 0):
		r.problem("", fmt.Sprintf("the column %q contains a NUL character", column))
		return strings.ReplaceAll(value, "\x00", "\uFFFD")
	}
	return value
}

var errTooLong = fmt.Errorf("it is longer than %d MiB; probably a quotation mark is not closed: close it, or take the row out", maxRow>>20)

// bound ends the reading when too much was read for one row.
type bound struct {
	file io.Reader
	read int64 // since the row began
}

// Read implements io.Reader.
func (b *bound) Read(p []byte) (int, error) {
	if b.read > maxRow {
		return 0, errTooLong
	}
	n, err := b.file.Read(p)
	b.read += int64(n)
	return n, err
}
