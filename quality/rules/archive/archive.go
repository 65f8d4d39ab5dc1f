// Package archive is the form in which a case is kept for good: a document of lines,
// each with a digest over the line and the digest before it, so that no line can be
// changed, removed, added or moved without showing. It knows neither what a line says
// of a case nor where documents are kept.
//
// A document is text in UTF-8, one JSON object to a line, each ended by a line feed:
//
//	{"digest":"…","fields":{…},"kind":"entry","n":7,"texts":{"text":{"digest":"…","salt":"…","text":"…"}}}
//
// The JSON is canonical: keys sorted, no space, no escape that is not needed, whole
// numbers only. What may have to be taken out one day, and that is every text, stands
// beside its own digest: HMAC-SHA-256 of the text, keyed by a salt of 16 random bytes.
// A line's digest is SHA-256 over the 32 bytes of the digest before it (zeros for the
// first line) and the same object without "digest", in which each text is its digest
// alone. So a text can be taken out with its salt, and the proof stays; without the
// salt nobody can try which text it was. Digests and salts are written in hexadecimal.
//
// The last line has the kind "end" and says how many lines there are. Its digest is
// the document's.
package archive

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// End is the kind of the last line, and Lines its field.
const (
	End   = "end"
	Lines = "lines"
)

// Line is one record of a document.
type Line struct {
	Kind   string
	Fields map[string]any // for good: texts, truth values, whole numbers (int64), lists of texts
	Texts  map[string]Text
	Digest string // of the document up to here; empty until it is sealed
}

// Text is what may have to be taken out of a document.
type Text struct {
	Digest string
	Salt   string // empty where the text was taken out
	Text   string
}

// Plain is a text that has no digest yet.
func Plain(text string) Text { return Text{Text: strings.ToValidUTF8(text, "\uFFFD")} }

// Document is a sealed list of lines.
type Document struct{ Lines []Line }

// Seal gives lines their digests, and the document its end.
func Seal(lines []Line) Document {
	d := Document{Lines: append(lines, Line{Kind: End, Fields: map[string]any{Lines: int64(len(lines) + 1)}})}
	digest := make([]byte, sha256.Size)
	for n := range d.Lines {
		l := &d.Lines[n]
		for name, t := range l.Texts {
			var salt [16]byte
			rand.Read(salt[:])
			t.Salt = hex.EncodeToString(salt[:])
			t.Digest = t.sum()
			l.Texts[name] = t
		}
		digest = l.sum(digest, n+1)
		l.Digest = hex.EncodeToString(digest)
	}
	return d
}

// Digest is the digest of the whole.
func (d Document) Digest() string { return d.Lines[len(d.Lines)-1].Digest }

// Without returns the document without the texts of which gone is true.
func (d Document) Without(gone func(l Line, name string) bool) Document {
	out := Document{Lines: make([]Line, len(d.Lines))}
	for n, l := range d.Lines {
		texts := make(map[string]Text, len(l.Texts))
		for name, t := range l.Texts {
			if gone(l, name) {
				t = Text{Digest: t.Digest}
			}
			texts[name] = t
		}
		l.Texts = texts
		out.Lines[n] = l
	}
	return out
}

// Bytes is the document as it is written.
func (d Document) Bytes() []byte {
	var b []byte
	for n, l := range d.Lines {
		b = append(l.append(b, n+1), '\n')
	}
	return b
}

// Holds reports whether a text is the one that was sealed; true, too, where it was
// taken out, for then nobody can tell.
func (t Text) Holds(text string) bool {
	if t.Salt == "" {
		return true
	}
	t.Text = text
	return hmac.Equal([]byte(t.sum()), []byte(t.Digest))
}

func (t Text) sum() string {
	salt, _ := hex.DecodeString(t.Salt) // another text than was sealed has another digest anyway
	mac := hmac.New(sha256.New, salt)
	mac.Write([]byte(t.Text))
	return hex.EncodeToString(mac.Sum(nil))
}

// sum is the digest of a document up to a line that comes after the digest previous.
func (l Line) sum(previous []byte, n int) []byte {
	digests := make(map[string]any, len(l.Texts))
	for name, t := range l.Texts {
		digests[name] = t.Digest
	}
	proven := appendValue(bytes.Clone(previous), map[string]any{"fields": l.Fields, "kind": l.Kind, "n": int64(n), "texts": digests})
	sum := sha256.Sum256(proven)
	return sum[:]
}

func (l Line) append(b []byte, n int) []byte {
	texts := make(map[string]any, len(l.Texts))
	for name, t := range l.Texts {
		shown := map[string]any{"digest": t.Digest}
		if t.Salt != "" {
			shown["salt"], shown["text"] = t.Salt, t.Text
		}
		texts[name] = shown
	}
	return appendValue(b, map[string]any{"digest": l.Digest, "fields": l.Fields, "kind": l.Kind, "n": int64(n), "texts": texts})
}
