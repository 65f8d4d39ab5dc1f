package events

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/seed-34fcb60d/rounds/ent/db"
)

// noDigest stands in for the digest of the event before the first one.
func noDigest() []byte { return make([]byte, sha256.Size) }

// layout is the first byte of what is digested, and changes with the layout.
const layout = 1

// Digest returns the digest of an event that comes after the one with the digest
// previous. It is SHA-256 over these bytes, integers being big-endian and a text
// being its length in bytes as 4 bytes followed by its UTF-8:
//
//	 1  the layout, 1
//	32  the digest of the event before; zeros for the first event
//	 8  cursor
//	    kind                text
//	    subject             text, the id in its outside form
//	    actor               text, the id in its outside form, or "system"
//	 4  number of changed fields, and for each
//	    its name            text
//	 8  at, in microseconds since 1970-01-01 00:00 UTC (two's complement)
//	    site                text, the id in its outside form, empty if there is none
//	    department          text, likewise
//	    owner               text, likewise
//	    origin              text, likewise
//
// The column subject_kind is the part of subject before the underscore and is not
// digested again; [Verify] compares the two.
func Digest(previous []byte, e *db.Event, cursor Cursor) []byte {
	b := make([]byte, 0, 512)
	b = append(b, layout)
	b = append(b, previous...)
	b = binary.BigEndian.AppendUint64(b, uint64(cursor))
	b = appendTexts(b, e.Kind, e.Subject, e.Actor)
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.Changed)))
	b = appendTexts(b, e.Changed...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMicro()))
	b = appendTexts(b, e.SiteID.String(), e.DepartmentID.String(), e.OwnerID.String(), e.OriginID.String())
	sum := sha256.Sum256(b)
	return sum[:]
}

func appendTexts(b []byte, texts ...string) []byte {
	for _, s := range texts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return b
}
