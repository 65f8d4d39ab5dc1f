package archive_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/rules/archive"
)

// sealed is a document of a few lines.
func sealed(lines int) archive.Document {
	var all []archive.Line
	for n := range lines {
		all = append(all, archive.Line{Kind: "entry", Fields: map[string]any{"id": fmt.Sprint("entry_", n), "at": "2026-11-16T01:00:00Z", "final": n%2 == 0, "amount": int64(n), "changed": []string{"a", "b"}},
			Texts: map[string]archive.Text{"text": archive.Plain("Said \"so\"\n\x01 <&> \u2028 字 👩‍👩‍👧"), "word": archive.Plain(fmt.Sprint(n))}})
	}
	return archive.Seal(all)
}

func rows(document []byte) []string {
	all := strings.SplitAfter(string(document), "\n")
	return all[:len(all)-1]
}

func TestSealedDocumentsAreWhole(t *testing.T) {
	d := sealed(3)
	read, broken := archive.Read(d.Bytes())
	if broken != nil {
		t.Fatal(broken)
	}
	if read.Digest() != d.Digest() || len(read.Lines) != 4 || !bytes.Equal(read.Bytes(), d.Bytes()) {
		t.Errorf("read %d lines with the digest %s, want 4 with %s", len(read.Lines), read.Digest(), d.Digest())
	}
	if again := sealed(3); again.Digest() == d.Digest() {
		t.Error("two documents have the same salts")
	}
	if got := read.Lines[1].Texts["word"]; got.Text != "1" || !got.Holds("1") || got.Holds("2") {
		t.Errorf("the text is %+v", got)
	}
	if !read.Lines[0].Same(d.Lines[0]) || read.Lines[0].Same(d.Lines[1]) {
		t.Error("lines are compared by something else than what they say")
	}
}

// Without the texts that were taken out the proof is what it was, and nobody can try
// which texts they were.
func TestTextsTakenOut(t *testing.T) {
	d := sealed(3)
	less := d.Without(func(l archive.Line, name string) bool { return name == "text" && l.Fields["id"] != "entry_2" })
	read, broken := archive.Read(less.Bytes())
	if broken != nil || read.Digest() != d.Digest() {
		t.Fatalf("%v, digest %s, want that of the whole %s", broken, read.Digest(), d.Digest())
	}
	for n, salted := range []bool{false, false, true} {
		if got := read.Lines[n].Texts["text"]; (got.Salt != "") != salted || (got.Text != "") != salted || got.Digest != d.Lines[n].Texts["text"].Digest {
			t.Errorf("line %d holds %+v", n+1, got)
		}
		if got := read.Lines[n].Texts["word"]; got.Text != fmt.Sprint(n) {
			t.Errorf("line %d holds %+v", n+1, got)
		}
	}
	if !read.Lines[0].Texts["text"].Holds("anything") {
		t.Error("a text that was taken out can be told")
	}
	if d.Lines[0].Texts["text"].Text == "" {
		t.Error("the document itself lost a text")
	}
}

func TestTamperedDocuments(t *testing.T) {
	d := sealed(4)
	whole, other := rows(d.Bytes()), rows(sealed(4).Bytes())
	for name, test := range map[string]struct {
		line int
		make func([]string) []string
	}{
		"a field is changed":      {2, func(r []string) []string { return replaced(r, 1, `"amount":1`, `"amount":2`) }},
		"a text is changed":       {3, func(r []string) []string { return replaced(r, 2, `"text":"2"`, `"text":"3"`) }},
		"a text has another salt": {2, func(r []string) []string { return replaced(r, 1, `"salt":"`, `"salt":"00`) }},
		"a text's digest is changed": {1, func(r []string) []string {
			return replaced(r, 0, d.Lines[0].Texts["word"].Digest, d.Lines[1].Texts["word"].Digest)
		}},
		"a text is gone without trace": {1, func(r []string) []string { return replaced(r, 0, `"word"`, `"sword"`) }},
		"a digest is changed":          {4, func(r []string) []string { return replaced(r, 3, d.Lines[3].Digest, d.Lines[2].Digest) }},
		"a space is added":             {2, func(r []string) []string { return replaced(r, 1, `"kind":`, `"kind": `) }},
		"a field is added":             {2, func(r []string) []string { return replaced(r, 1, `"kind":`, `"karma":1,"kind":`) }},
		"a field is said twice":        {2, func(r []string) []string { return replaced(r, 1, `"kind":`, `"kind":"entry","kind":`) }},
		"a number is no whole one":     {2, func(r []string) []string { return replaced(r, 1, `"amount":1`, `"amount":1.5`) }},
		"no JSON":                      {3, func(r []string) []string { return replaced(r, 2, `{`, ``) }},
		"a line is removed":            {2, func(r []string) []string { return slices.Delete(r, 1, 2) }},
		"the first line is removed":    {1, func(r []string) []string { return r[1:] }},
		"the last entry is removed":    {4, func(r []string) []string { return slices.Delete(r, 3, 4) }},
		"the end is removed":           {5, func(r []string) []string { return r[:4] }},
		"the end is cut":               {5, func(r []string) []string { return append(r[:4], strings.TrimSuffix(r[4], "\n")) }},
		"two lines change places":      {2, func(r []string) []string { r[1], r[2] = r[2], r[1]; return r }},
		"a line is added":              {3, func(r []string) []string { return slices.Insert(r, 2, r[1]) }},
		"a line after the end":         {6, func(r []string) []string { return append(r, r[0]) }},
		"a line of another document":   {3, func(r []string) []string { r[2] = other[2]; return r }},
		"nothing is left":              {1, func([]string) []string { return nil }},
	} {
		t.Run(name, func(t *testing.T) {
			tampered := strings.Join(test.make(slices.Clone(whole)), "")
			if tampered == string(d.Bytes()) {
				t.Fatal("nothing was changed")
			}
			_, broken := archive.Read([]byte(tampered))
			if broken == nil || broken.Line != test.line || broken.Reason == "" {
				t.Errorf("%v, want line %d", broken, test.line)
			}
		})
	}
}

func replaced(rows []string, n int, old, with string) []string {
	rows[n] = strings.Replace(rows[n], old, with, 1)
	return rows
}

// No single byte can be changed, added or removed without showing.
func TestEveryByteCounts(t *testing.T) {
	whole := sealed(3).Bytes()
	rapid.Check(t, func(t *rapid.T) {
		tampered := slices.Clone(whole)
		at := rapid.IntRange(0, len(whole)-1).Draw(t, "at")
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			tampered[at] ^= rapid.ByteRange(1, 255).Draw(t, "by")
		case 1:
			tampered = slices.Delete(tampered, at, at+1)
		default:
			tampered = slices.Insert(tampered, at, rapid.Byte().Draw(t, "byte"))
		}
		if bytes.Equal(tampered, whole) {
			return
		}
		read, broken := archive.Read(tampered)
		if broken == nil {
			t.Fatalf("the change shows nowhere: %s", cmp.Diff(string(whole), string(read.Bytes())))
		}
		if want := bytes.Count(whole[:at], []byte("\n")) + 1; broken.Line > want+1 || broken.Line < want-1 {
			t.Fatalf("%v, want about line %d", broken, want)
		}
	})
}
