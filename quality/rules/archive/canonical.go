package archive

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// appendValue writes a value as canonical JSON: the form of RFC 8785 for the values
// that lines have, whose keys are ASCII.
func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return appendString(b, v)
	case bool:
		return strconv.AppendBool(b, v)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case json.Number:
		return append(b, v...)
	case []string:
		return appendList(b, v)
	case []any:
		return appendList(b, v)
	case map[string]any:
		b = append(b, '{')
		for n, key := range slices.Sorted(maps.Keys(v)) {
			if n > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, key), ':')
			b = appendValue(b, v[key])
		}
		return append(b, '}')
	default:
		panic(fmt.Sprintf("a line of an archive has no %T", v))
	}
}

func appendList[T any](b []byte, list []T) []byte {
	b = append(b, '[')
	for n, v := range list {
		if n > 0 {
			b = append(b, ',')
		}
		b = appendValue(b, v)
	}
	return append(b, ']')
}

// short are the escapes of one letter.
var short = map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}

func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s { // what is no UTF-8 becomes the replacement character
		switch escape, known := short[r]; {
		case known:
			b = append(b, escape...)
		case r < ' ':
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = append(b, string(r)...)
		}
	}
	return append(b, '"')
}
