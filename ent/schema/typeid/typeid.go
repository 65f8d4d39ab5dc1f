// Package typeid holds the ids of Rounds' records: a UUIDv7 inside, a TypeID
// outside ("case_01h455vb4pex5vsknk084sn02q"), and a Go type for each kind of
// record, so that a customer's id cannot be used where a case's is wanted.
//
// TypeID is specified at https://github.com/jetify-com/typeid/tree/main/spec
// (version 0.3.0): a prefix, an underscore, and the 128 bits in Crockford's
// base 32, lower case, 26 characters.
package typeid

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// The ids by kind of record.
type (
	SiteID             struct{ ID[site] }
	DepartmentID       struct{ ID[department] }
	StaffID            struct{ ID[staff] }
	CustomerID         struct{ ID[customer] }
	CaseID             struct{ ID[serviceCase] }
	CaseEntryID        struct{ ID[caseEntry] }
	PluginID           struct{ ID[plugin] }
	ChecklistVersionID struct{ ID[checklistVersion] }
	InspectionID       struct{ ID[inspection] }
	AnswerID           struct{ ID[answer] }
	FindingID          struct{ ID[finding] }
	SchemeID           struct{ ID[scheme] }
	IndicatorID        struct{ ID[indicator] }
	AppraisalID        struct{ ID[appraisal] }
	TokenID            struct{ ID[token] }
	IdempotencyID      struct{ ID[idempotency] }
)

type (
	site             struct{}
	department       struct{}
	staff            struct{}
	customer         struct{}
	serviceCase      struct{}
	caseEntry        struct{}
	plugin           struct{}
	checklistVersion struct{}
	inspection       struct{}
	answer           struct{}
	finding          struct{}
	scheme           struct{}
	indicator        struct{}
	appraisal        struct{}
	token            struct{}
	idempotency      struct{}
)

func (site) prefix() string             { return "site" }
func (department) prefix() string       { return "dept" }
func (staff) prefix() string            { return "staff" }
func (customer) prefix() string         { return "cust" }
func (serviceCase) prefix() string      { return "case" }
func (caseEntry) prefix() string        { return "entry" }
func (plugin) prefix() string           { return "plugin" }
func (checklistVersion) prefix() string { return "chkv" }
func (inspection) prefix() string       { return "insp" }
func (answer) prefix() string           { return "ans" }
func (finding) prefix() string          { return "find" }
func (scheme) prefix() string           { return "scheme" }
func (indicator) prefix() string        { return "ind" }
func (appraisal) prefix() string        { return "appr" }
func (token) prefix() string            { return "tok" }
func (idempotency) prefix() string      { return "idem" }

type kind interface{ prefix() string }

// ID is what the ids of all kinds share. The zero ID is of no record.
type ID[K kind] struct{ uuid uuid.UUID }

// New returns a fresh id. Ids made later sort after those made earlier, to the
// millisecond.
func New[T ~struct{ ID[K] }, K kind]() T {
	return T(struct{ ID[K] }{ID[K]{uuid.Must(uuid.NewV7())}})
}

// Parse reads the outside form. It reports false for anything that is not the
// id of a T.
func Parse[T ~struct{ ID[K] }, K kind](s string) (T, bool) {
	var id ID[K]
	err := id.UnmarshalText([]byte(s))
	return T(struct{ ID[K] }{id}), err == nil
}

// Prefix returns the kind of record that an id in its outside form names, such
// as "case", and "" if s has none.
func Prefix(s string) string {
	prefix, _, _ := strings.Cut(s, "_")
	return prefix
}

// IsZero reports whether the id is of no record.
func (id ID[K]) IsZero() bool { return id.uuid == uuid.Nil }

// String returns the outside form, and "" for the zero ID.
func (id ID[K]) String() string {
	if id.IsZero() {
		return ""
	}
	var k K
	return k.prefix() + "_" + encode(id.uuid)
}

// Value stores the 16 bytes; the zero ID is NULL.
func (id ID[K]) Value() (driver.Value, error) {
	if id.IsZero() {
		return nil, nil
	}
	return id.uuid[:], nil
}

// Scan reads what either database holds.
func (id *ID[K]) Scan(src any) error { return id.uuid.Scan(src) }

// MarshalText returns the outside form.
func (id ID[K]) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

var errNotAnID = errors.New("typeid: not an id of this kind")

// UnmarshalText reads the outside form; the empty text is the zero ID.
func (id *ID[K]) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = ID[K]{}
		return nil
	}
	var k K
	suffix, ok := strings.CutPrefix(string(text), k.prefix()+"_")
	if !ok {
		return errNotAnID
	}
	u, ok := decode(suffix)
	if !ok {
		return errNotAnID
	}
	id.uuid = u
	return nil
}

// MarshalGQL writes the id as a GraphQL ID, null for the zero ID.
func (id ID[K]) MarshalGQL(w io.Writer) {
	s := "null"
	if !id.IsZero() {
		s = strconv.Quote(id.String())
	}
	_, _ = io.WriteString(w, s) // as in gqlgen's own scalars, a failed write shows in the response
}

// UnmarshalGQL reads a GraphQL ID. A text that is not an id of this kind becomes
// the zero ID: it is of no record, and the caller is told so as for any other
// unknown id.
func (id *ID[K]) UnmarshalGQL(v any) error {
	switch v := v.(type) {
	case string:
		if id.UnmarshalText([]byte(v)) != nil {
			*id = ID[K]{}
		}
		return nil
	case int64, int, json.Number: // GraphQL lets an ID be written as an integer
		*id = ID[K]{}
		return nil
	default:
		return fmt.Errorf("an ID is a string")
	}
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// encode writes 128 bits as 26 digits of 5 bits, the first of which holds 3.
func encode(u uuid.UUID) string {
	var out [26]byte
	var bits uint64 // the low n bits wait to be written
	n, at := 0, len(out)
	for i := len(u) - 1; i >= 0; i-- {
		bits |= uint64(u[i]) << n
		for n += 8; n >= 5; n -= 5 {
			at--
			out[at] = alphabet[bits&31]
			bits >>= 5
		}
	}
	out[0] = alphabet[bits&31]
	return string(out[:])
}

func decode(s string) (uuid.UUID, bool) {
	var u uuid.UUID
	if len(s) != 26 || s[0] > '7' { // more than 128 bits
		return u, false
	}
	var bits uint64
	n, at := 0, len(u)
	for i := len(s) - 1; i >= 0; i-- {
		digit := strings.IndexByte(alphabet, s[i])
		if digit < 0 {
			return uuid.UUID{}, false
		}
		bits |= uint64(digit) << n
		for n += 5; n >= 8 && at > 0; n -= 8 {
			at--
			u[at] = byte(bits)
			bits >>= 8
		}
	}
	return u, true
}
