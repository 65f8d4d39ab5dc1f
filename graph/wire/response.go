package wire

import (
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
)

// appendResponse appends resp as JSON. Data is JSON already and is copied as it
// is, not parsed and written again; it is absent if the operation did not get as
// far as executing.
func appendResponse(dst []byte, resp *graphql.Response) []byte {
	dst = append(dst, '{')
	if len(resp.Errors) > 0 {
		dst = append(dst, `"errors":`...)
		dst = appendJSON(dst, resp.Errors)
	}
	if len(resp.Data) > 0 {
		dst = appendName(dst, `"data":`)
		dst = append(dst, resp.Data...)
	}
	if len(resp.Extensions) > 0 {
		dst = appendName(dst, `"extensions":`)
		dst = appendJSON(dst, resp.Extensions)
	}
	return append(dst, '}')
}

func appendName(dst []byte, name string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	return append(dst, name...)
}

// appendJSON appends v, or null if an extension put something into it that JSON
// cannot hold.
func appendJSON(dst []byte, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return append(dst, "null"...)
	}
	return append(dst, b...)
}

// isRefused reports whether the operation was refused before or instead of being
// executed: GraphQL then has no data at all, not even null.
func isRefused(resp *graphql.Response) bool { return len(resp.Data) == 0 }
