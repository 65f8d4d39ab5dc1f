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
	"io"
	"strings"

	"github.com/google/uuid"
)

//go:generate go run ./internal/gen

// id is one of the types in ids.go.
type id interface {
	~[16]byte
	prefix() string
}

// New returns a fresh id. Ids made later sort after those made earlier, to the
// millisecond.
func New[T id]() T { return T(uuid.Must(uuid.NewV7())) }

// Parse reads the outside form. It reports false for anything that is not the
// id of a T.
func Parse[T id](s string) (T, bool) {
	var id T
	suffix, ok := strings.CutPrefix(s, id.prefix()+"_")
	if !ok {
		return id, false
	}
	u, ok := decode(suffix)
	return T(u), ok
}

// Prefix returns the kind of record that an id in its outside form names, such
// as "case", and "" if s has none.
func Prefix(s string) string {
	prefix, _, found := strings.Cut(s, "_")
	if !found {
		return ""
	}
	return prefix
}

func text[T id](id T) string {
	if uuid.UUID(id) == uuid.Nil {
		return ""
	}
	return id.prefix() + "_" + encode(uuid.UUID(id))
}

func value[T id](id T) (driver.Value, error) {
	if uuid.UUID(id) == uuid.Nil {
		return nil, nil
	}
	u := uuid.UUID(id)
	return u[:], nil
}

func scan[T id](id *T, src any) error {
	var u uuid.UUID
	err := u.Scan(src)
	*id = T(u)
	return err
}

var errNotAnID = errors.New("typeid: not an id of this kind")

func read[T id](id *T, s string) error {
	*id = T{}
	if s == "" {
		return nil
	}
	parsed, ok := Parse[T](s)
	if !ok {
		return errNotAnID
	}
	*id = parsed
	return nil
}

func marshalGQL[T id](id T, w io.Writer) {
	s := "null"
	if uuid.UUID(id) != uuid.Nil {
		s = `"` + text(id) + `"`
	}
	_, _ = io.WriteString(w, s) // as in gqlgen's own scalars, a failed write shows in the response
}

// unmarshalGQL takes a text that is not an id of this kind for the zero id: it is
// of no record, and the caller is told so as for any other unknown id.
func unmarshalGQL[T id](id *T, v any) error {
	*id = T{}
	switch v := v.(type) {
	case string:
		if parsed, ok := Parse[T](v); ok {
			*id = parsed
		}
		return nil
	case int64, int, json.Number: // GraphQL lets an ID be written as an integer
		return nil
	default:
		return errors.New("an ID is a string")
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
