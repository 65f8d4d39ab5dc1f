package importer_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/server/importer"
)

const header = "id,department,status,subject,opened,closed,outcome\n"

// What is peculiar about a file as a whole ends the import with a message that says
// what to do.
func TestFilesThatCannotBeRead(t *testing.T) {
	for name, tt := range map[string]struct{ file, want string }{
		"empty":                {"", "the file is empty: its first line has to name the columns"},
		"only a mark":          {"\ufeff", "the file is empty"},
		"only empty lines":     {"\n\r\n\n", "the file is empty"},
		"a column is missing":  {"id,department,status,opened,closed,outcome\n", "line 11: case.subject: the file has no column \"subject\"\nIts columns are \"closed\", \"department\", \"id\""},
		"several are missing":  {"id,department,opened,closed\n", "line 10: case.status: the file has no column \"status\"\n  line 11: case.subject: the file has"},
		"a column is twice":    {"id,department,status,subject,opened,closed,outcome,subject\n", `case.subject: the file has 2 columns "subject"`},
		"another separator":    {strings.ReplaceAll(header, ",", ";"), "csv.separator says what stands between them"},
		"UTF-16":               {"\xff\xfei\x00d\x00", "the file is UTF-16: save it as UTF-8"},
		"UTF-16 the other way": {"\xfe\xff\x00i\x00d", "the file is UTF-16: save it as UTF-8"},
		"UTF-16 without mark":  {"i\x00d\x00,\x00", "probably the file is UTF-16"},
		"a header of GB18030":  {gb18030(t, "编号,部门\n1,前台\n"), "iconv -f GB18030"},
		"a text of GB18030":    {header + strings.Repeat(gb18030(t, "1,前台,new,空调太吵,2026-01-02,,\n"), 3), "iconv -f GB18030"},
		"a spreadsheet":        {"PK\x03\x04\x14\x00", "save it as CSV"},
		"compressed":           {"\x1f\x8b\x08\x00", "decompress it"},
		"CR alone":             {"id,department,status,subject,opened,closed,outcome\r1,desk,new,a,2026-01-02,,\r", "the lines end in CR alone"},
		"strange names":        {"a\x1b[2J,b\n", `Its columns are "a\x1b[2J", "b".`},
		"a great many columns": {columns(150) + "\n", "There are 50 more."},
		"an endless header":    {"\"" + strings.Repeat("x", 10<<20), "reading the header: it is longer than 4 MiB"},
		"a field of 10 MiB":    {header + "1,desk,new,a,2026-01-02,,\"" + strings.Repeat("x", 10<<20) + "\"\n", "take the row out"},
		"quote in the header":  {"i\"d,department\n", "reading the header: line 1, column 2: a quotation mark inside a field"},
		"an endless row": {header + "1,desk,new,a,2026-01-02,,\n2,desk,new,\"" + strings.Repeat("x\n", 3<<20),
			"the row after the one on line 2: it is longer than 4 MiB; probably a quotation mark is not closed"},
	} {
		t.Run(name, func(t *testing.T) {
			cases := &recorder{}
			_, err := run(t, importer.Config{Cases: cases, Mapping: mapping(t, plain)}, tt.file)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if name == "an endless row" && len(cases.cases) != 1 {
				t.Errorf("%d rows before it were imported, want 1", len(cases.cases))
			}
		})
	}
}

// columns names n columns.
func columns(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprint("c", i)
	}
	return strings.Join(names, ",")
}

// gb18030 is a text in the encoding that spreadsheet programs use in China.
func gb18030(t testing.TB, text string) string {
	t.Helper()
	encoded, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// Of a file in another encoding no row is imported, although some could be read by
// chance. A few such rows in a file of UTF-8 are bad rows.
func TestAnotherEncoding(t *testing.T) {
	const fine, good = "9,desk,new,空调,2026-01-02,,\n", "1,desk,new,a,2026-01-02,,\n"
	odd := gb18030(t, "2,desk,new,空调太吵,2026-01-02,,\n")
	for name, tt := range map[string]struct {
		rows     string
		refused  bool
		imported int
	}{
		"most rows":         {good + fine + strings.Repeat(odd, 3), true, 0},
		"in a later batch":  {strings.Repeat(good, 5) + strings.Repeat(odd, 3), false, 5},
		"two rows":          {good + strings.Repeat(odd, 2), false, 1},
		"fewer than others": {strings.Repeat(fine, 3) + strings.Repeat(odd, 3), false, 3},
	} {
		t.Run(name, func(t *testing.T) {
			cases := &recorder{}
			batch := strings.Count(tt.rows, "\n")
			if name == "in a later batch" {
				batch = 5
			}
			r, err := run(t, importer.Config{Cases: cases, Mapping: mapping(t, plain), Batch: batch}, header+tt.rows)
			if (err != nil) != tt.refused || len(cases.cases) != tt.imported || (err != nil && len(r.bad) > 0) {
				t.Errorf("%d imported, bad %+v, %v", len(cases.cases), r.bad, err)
			}
		})
	}
}

// What is peculiar about a row is told with its line, and the rows beside it are
// imported.
func TestRows(t *testing.T) {
	const before, after = "first,desk,new,a,2026-01-02 08:00,,\n", "last,desk,new,z,2026-01-03,,\n"
	for name, tt := range map[string]struct {
		file     string // between a good row on line 2 and a good row at the end
		subjects []string
		bad      []importer.BadRow
	}{
		"nothing":          {"", nil, nil},
		"empty lines":      {"\n\n", nil, nil},
		"quoted":           {"1,desk,new,\"b, \"\"c\"\"\",2026-01-02,,\n", []string{`b, "c"`}, nil},
		"quoted newlines":  {"1,desk,new,\"b\nc\",2026-01-02,,\n2,desk,odd,x,2026-01-02,,\n", []string{"b c"}, []importer.BadRow{{5, "old-2", []string{`status: the mapping does not say what "odd" stands for`}}}},
		"spaces around":    {"1,desk , new ,\u00a0b ,2026-01-02 ,,\n", []string{"b"}, nil},
		"Chinese":          {"1,desk,new,空调太吵,2026-01-02,,\n", []string{"空调太吵"}, nil},
		"too few fields":   {"1,desk,new\n", nil, []importer.BadRow{{3, "", []string{"the row has 3 fields, the header 7"}}}},
		"too many fields":  {"1,desk,new,b,2026-01-02,,,,\n", nil, []importer.BadRow{{3, "", []string{"the row has 9 fields, the header 7"}}}},
		"not UTF-8":        {"1,desk,new,caf\xe9,2026-01-02,,\n", nil, []importer.BadRow{{3, "old-1", []string{`the column "subject" is not UTF-8: save the file as UTF-8`}}}},
		"NUL":              {"1,desk,new,a\x00b,2026-01-02,,\n", nil, []importer.BadRow{{3, "old-1", []string{`the column "subject" contains a NUL character`}}}},
		"not UTF-8 unused": {"1,desk,new,b,2026-01-02,,caf\xe9\n", []string{"b"}, nil}, // the outcome of a case that has none
		"open quote":       {"1,desk,new,a\"b,2026-01-02,,\n", nil, []importer.BadRow{{3, "", []string{"line 3, column 13: a quotation mark inside a field that does not begin with one"}}}},
		"text after quote": {"1,desk,new,\"a\"b,2026-01-02,,\n", nil, []importer.BadRow{{3, "", []string{"line 3, column 14: a quotation mark is not closed, or text follows a closing one; what it covers was taken as one row"}}}},
		"no id":            {" ,desk,new,b,2026-01-02,,\n", nil, []importer.BadRow{{3, "", []string{"externalId: it must not be empty"}}}}, // though the mapping makes "old-" of it
		"id not UTF-8":     {"\xe9,desk,new,b,2026-01-02,,\n", nil, []importer.BadRow{{3, "old-\uFFFD", []string{`the column "id" is not UTF-8: save the file as UTF-8`}}}},
		"no time":          {"1,desk,new,b,,,\n", nil, []importer.BadRow{{3, "old-1", []string{"openedAt: it must not be empty"}}}},
		"wrong time":       {"1,desk,new,b,yesterday,,\n", nil, []importer.BadRow{{3, "old-1", []string{`openedAt: "yesterday" is not written as the mapping's layouts say`}}}},
		"no status":        {"1,desk,,b,2026-01-02,,\n", nil, []importer.BadRow{{3, "old-1", []string{"status: it must not be empty"}}}},
		"all wrong": {"1,--,odd,b,now,,\n2,--,sent,b,2026-01-02,,\n", nil, []importer.BadRow{
			{3, "old-1", []string{`status: the mapping does not say what "odd" stands for`, `openedAt: "now" is not written as the mapping's layouts say`}},
			{4, "old-2", []string{`department: "--" has no letter or digit to make a code of`}}}},
	} {
		for form, change := range map[string]func(string) string{
			"as it is":        func(s string) string { return s },
			"marked":          func(s string) string { return "\ufeff" + s },
			"without the end": func(s string) string { return strings.TrimSuffix(s, "\n") },
			"CRLF":            func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		} {
			t.Run(name+" "+form, func(t *testing.T) {
				cases := &recorder{}
				r, err := run(t, importer.Config{Cases: cases, Mapping: mapping(t, plain), Batch: 2}, change(header+before+tt.file+after))
				if err != nil {
					t.Fatal(err)
				}
				var subjects []string
				for _, c := range cases.cases {
					subjects = append(subjects, c.Subject)
				}
				if diff := cmp.Diff(append(append([]string{"a"}, tt.subjects...), "z"), subjects); diff != "" {
					t.Error(diff)
				}
				if diff := cmp.Diff(tt.bad, r.bad); diff != "" {
					t.Error(diff)
				}
				want := importer.Report{Rows: int64(2 + len(tt.subjects) + len(tt.bad)), Imported: int64(2 + len(tt.subjects)), Bad: int64(len(tt.bad))}
				if diff := cmp.Diff(want, r.Report); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// A quotation mark that is never closed takes the rest of the file with it; what
// was read before is imported, and the row says what happened.
func TestAQuotationMarkIsNotClosed(t *testing.T) {
	cases := &recorder{}
	r, err := run(t, importer.Config{Cases: cases, Mapping: mapping(t, plain)},
		header+"1,desk,new,a,2026-01-02,,\n2,desk,new,\"b,2026-01-02,,\n3,desk,new,c,2026-01-02,,\n")
	if err != nil || len(cases.cases) != 1 || len(r.bad) != 1 || r.bad[0].Line != 3 || !strings.Contains(r.bad[0].Reasons[0], "is not closed") {
		t.Errorf("%d imported, bad %+v, %v", len(cases.cases), r.bad, err)
	}
}

// A separator and the values that count as empty are as the mapping says.
func TestAnotherFormOfFile(t *testing.T) {
	cases := &recorder{}
	m := mapping(t, "csv: {separator: \"\\t\", empty: [\"NULL\", unknown]}\n"+plain)
	r, err := run(t, importer.Config{Cases: cases, Mapping: m},
		strings.ReplaceAll(header, ",", "\t")+"1\tunknown\tend\tb\t2026-01-02\t2026-01-03\tNULL\n")
	if err != nil || r.Imported != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if c := cases.cases[0]; c.Department != nil || *c.Resolution != "none was recorded" {
		t.Errorf("got %+v with the resolution %q", c, *c.Resolution)
	}
}

// A row may be as long as it likes up to the bound: many such rows do not wait
// together.
func TestLongRows(t *testing.T) {
	cases := &sizes{}
	file := header + strings.Repeat("1,desk,new,b,2026-01-02,,"+strings.Repeat("x", 3<<20)+"\n", 10)
	if _, err := run(t, importer.Config{Cases: cases, Mapping: mapping(t, plain)}, file); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{3, 3, 3, 1}, cases.batches); diff != "" {
		t.Error(diff)
	}
}

// A file that breaks off is not taken for one that ends.
func TestAFileThatBreaksOff(t *testing.T) {
	broken := errors.New("the disk is gone")
	cases := &recorder{}
	file := io.MultiReader(strings.NewReader(header+"1,desk,new,a,2026-01-02,,\n"), iotest.ErrReader(broken))
	r, err := importer.Run(ent.AsSystem(t.Context()), importer.Config{Cases: cases, Mapping: mapping(t, plain)}, file)
	if !errors.Is(err, broken) || r.Imported != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Whatever a file holds, each of its rows is counted once, and nothing that could
// not be stored is handed on.
func FuzzFile(f *testing.F) {
	f.Add("1,desk,new,a,2026-01-02,,\n")
	f.Add("1,desk,end,\"a\n\",2026-01-02,2026-01-03 10:00,ok\r\n\"")
	f.Add("\xff\x00,,,,,,\n,")
	m := mapping(f, plain)
	f.Fuzz(func(t *testing.T, rows string) {
		cases := &recorder{}
		r, err := run(t, importer.Config{Cases: cases, Mapping: m, Batch: 3}, header+rows)
		if err != nil {
			t.Fatal(err)
		}
		if r.Rows != r.Imported+r.Bad || r.Imported != int64(len(cases.cases)) || r.Bad != int64(len(r.bad)) {
			t.Fatalf("%+v with %d cases and %d bad rows", r.Report, len(cases.cases), len(r.bad))
		}
		for _, c := range cases.cases {
			if strings.ContainsRune(c.Subject+c.ExternalID, 0) || c.OpenedAt.IsZero() || c.Status == "" {
				t.Fatalf("handed on: %s", fmt.Sprint(c))
			}
		}
		for _, row := range r.bad {
			if row.Line < 2 || len(row.Reasons) == 0 {
				t.Fatalf("told as bad: %+v", row)
			}
		}
	})
}
