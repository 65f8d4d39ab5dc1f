package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Break is the first place where a document is not as it was sealed.
type Break struct {
	Line   int    // counts from 1
	Reason string // a sentence without its end, for whoever checks
}

func (b *Break) Error() string { return fmt.Sprintf("line %d: %s", b.Line, b.Reason) }

// written is a line as it is written.
type written struct {
	Digest string                 `json:"digest"`
	Fields map[string]any         `json:"fields"`
	Kind   string                 `json:"kind"`
	N      int                    `json:"n"`
	Texts  map[string]writtenText `json:"texts"`
}

type writtenText struct {
	Digest string `json:"digest"`
	Salt   string `json:"salt"`
	Text   string `json:"text"`
}

// Read reads a document and proves that each of its lines is as it was sealed, and
// that none is missing, added or moved. What it cannot know by itself is whether it
// is the document that was sealed: that its digest says.
func Read(document []byte) (Document, *Break) {
	var d Document
	digest := make([]byte, sha256.Size)
	for n := 1; len(document) > 0; n++ {
		raw, rest, ended := bytes.Cut(document, []byte("\n"))
		document = rest
		if n > 1 && d.Lines[n-2].Kind == End {
			return d, &Break{n, "it comes after the end of the document"}
		}
		l, broken := readLine(raw, n)
		if broken == "" && !ended {
			broken = "it is not ended"
		}
		if broken == "" {
			if digest = l.sum(digest, n); hex.EncodeToString(digest) != l.Digest {
				broken = "its digest is not of what it says after the line before it"
			}
		}
		if broken != "" {
			return d, &Break{n, broken}
		}
		d.Lines = append(d.Lines, l)
	}
	last := len(d.Lines)
	if last == 0 || d.Lines[last-1].Kind != End {
		return d, &Break{last + 1, "it is missing, and with it all up to the end of the document"}
	}
	if fmt.Sprint(d.Lines[last-1].Fields[Lines]) != fmt.Sprint(last) {
		return d, &Break{last, "it says another number of lines than there are"}
	}
	return d, nil
}

// readLine reads a line, or says what is wrong with it by itself.
func readLine(raw []byte, n int) (l Line, broken string) {
	var w written
	in := json.NewDecoder(bytes.NewReader(raw))
	in.UseNumber()
	if err := in.Decode(&w); err != nil {
		return l, "it is not JSON of the form of a line"
	}
	l = Line{Kind: w.Kind, Fields: w.Fields, Texts: map[string]Text{}, Digest: w.Digest}
	if l.Fields == nil {
		l.Fields = map[string]any{}
	}
	for name, t := range w.Texts {
		l.Texts[name] = Text(t)
	}
	if w.N != n {
		return l, fmt.Sprintf("it says that it is line %d", w.N)
	}
	if !canonical(l.Fields) || !bytes.Equal(l.append(nil, n), raw) {
		return l, "it is not written in the canonical form"
	}
	for _, name := range slices.Sorted(maps.Keys(l.Texts)) {
		if t := l.Texts[name]; t.Salt != "" && t.sum() != t.Digest {
			return l, fmt.Sprintf("its text %q is not the one that was sealed", name)
		}
	}
	return l, ""
}

// canonical reports whether all values are of the kinds that fields have.
func canonical(fields map[string]any) bool {
	for _, v := range fields {
		switch v := v.(type) {
		case string, bool:
		case json.Number:
			if _, err := v.Int64(); err != nil {
				return false
			}
		case []any:
			if slices.ContainsFunc(v, func(e any) bool { _, is := e.(string); return !is }) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// Same reports whether the fields of two lines say the same.
func (l Line) Same(other Line) bool {
	return l.Kind == other.Kind && bytes.Equal(appendValue(nil, l.Fields), appendValue(nil, other.Fields))
}
