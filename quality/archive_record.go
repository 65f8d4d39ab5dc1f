package quality

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/quality/rules/archive"
)

// stamp is a time as archives write it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// unkept are columns that say nothing of a record's course, or may change when its case
// is in the archive: an escalation, for instance, is still to be acknowledged.
var unkept = []string{"revision", "updated_at", "acknowledged_at", "acknowledged_by_id", "file_id", "erased_at"}

// hidden are columns that name records which not everybody may see who sees the case,
// or which may become another's: they stand among the texts, that can be left out.
var hidden = []string{"customer_id", "inspection_id", "merged_into_id", "other_case_id", "copy_of_id", "other_id"}

// recordOf writes a row as a line of an archive: its columns under their names, without
// what is empty. What people wrote, and that is all that has no form of its own, stands
// among the texts.
func recordOf(kind string, row any) archive.Line {
	l := archive.Line{Kind: kind, Fields: map[string]any{}, Texts: map[string]archive.Text{}}
	value := reflect.Indirect(reflect.ValueOf(row))
	for n := range value.NumField() {
		column, _, _ := strings.Cut(value.Type().Field(n).Tag.Get("json"), ",")
		if !value.Type().Field(n).IsExported() || column == "" || column == "-" || column == "edges" || slices.Contains(unkept, column) {
			continue
		}
		field := reflect.Indirect(value.Field(n))
		if !field.IsValid() || field.IsZero() {
			continue
		}
		kept, text := kept(field)
		if text || slices.Contains(hidden, column) {
			l.Texts[column] = archive.Plain(fmt.Sprint(kept))
		} else {
			l.Fields[column] = kept
		}
	}
	return l
}

// kept is a column's value as an archive writes it, and whether it is a text that
// somebody wrote.
func kept(field reflect.Value) (value any, text bool) {
	switch v := field.Interface().(type) {
	case string:
		return v, true
	case time.Time:
		return stamp(v), false
	case time.Duration:
		return int64(v), false
	case json.RawMessage:
		return string(v), false
	case []byte: // a digest
		return hex.EncodeToString(v), false
	case fmt.Stringer: // an id, or a value of an enumeration
		return v.String(), false
	}
	switch field.Kind() {
	case reflect.Bool:
		return field.Bool(), false
	case reflect.Int, reflect.Int64:
		return field.Int(), false
	default: // an enumeration without a method
		return fmt.Sprint(field.Interface()), false
	}
}
