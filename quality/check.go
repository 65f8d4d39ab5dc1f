package quality

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// check collects what is wrong with an input, so that all of it is told at once.
type check struct{ problems Rejection }

func (c *check) add(kind Kind, en, zh string, path ...string) {
	c.problems = append(c.problems, Problem{Kind: kind, Text: text(en, zh), Path: path})
}

// text trims a required text and checks that it has 1 to limit characters.
func (c *check) text(value *string, limit int, path ...string) {
	*value = strings.TrimSpace(*value)
	if !visible(*value) {
		c.add(Required, "This must not be empty.", "此项不能为空。", path...)
		return
	}
	c.length(*value, limit, path...)
}

// line is text without line breaks.
func (c *check) line(value *string, limit int, path ...string) {
	c.text(value, limit, path...)
	if strings.ContainsAny(*value, "\n\r\v\f\u0085\u2028\u2029") {
		c.add(Invalid, "This must be one line.", "此项只能有一行。", path...)
	}
}

// optional trims a text that may be left out; an empty one counts as left out.
func (c *check) optional(value **string, limit int, path ...string) {
	if *value == nil {
		return
	}
	trimmed := strings.TrimSpace(**value)
	if !visible(trimmed) {
		*value = nil
		return
	}
	*value = &trimmed
	c.length(trimmed, limit, path...)
}

// visible reports whether a text shows anything: one of nothing but spaces, joiners
// and marks of direction is empty to whoever reads it.
func visible(value string) bool {
	return strings.ContainsFunc(value, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}

// length checks the number of characters, and that there are no control characters
// but line breaks and tabs: PostgreSQL cannot store NUL, and the others do things to
// the terminals and documents that a text is shown in.
func (c *check) length(value string, limit int, path ...string) {
	if n := utf8.RuneCountInString(value); n > limit {
		c.add(TooLong, fmt.Sprintf("This has %d characters; at most %d are allowed.", n, limit),
			fmt.Sprintf("共 %d 个字符，最多允许 %d 个。", n, limit), path...)
	}
	control := func(r rune) bool { return (r < ' ' || r == 0x7f) && !unicode.IsSpace(r) }
	if strings.ContainsFunc(value, control) || !utf8.ValidString(value) {
		c.add(Invalid, "This contains characters that cannot be stored.", "含有无法保存的字符。", path...)
	}
}

// elements checks that a list has 1 to limit elements.
func (c *check) elements(n, limit int, path ...string) {
	switch {
	case n == 0:
		c.add(Required, "This must not be empty.", "此项不能为空。", path...)
	case n > limit:
		c.add(TooLong, fmt.Sprintf("This has %d elements; at most %d are allowed.", n, limit),
			fmt.Sprintf("共 %d 项，最多允许 %d 项。", n, limit), path...)
	}
}

// notAfter checks that a time does not lie after another.
func (c *check) notAfter(value, limit time.Time, en, zh string, path ...string) {
	if value.After(limit) {
		c.add(Invalid, en, zh, path...)
	}
}

// earliest is the first day of which records are kept; a time before it is a slip.
var earliest = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)

// err returns the problems, nil if there are none.
func (c *check) err() error {
	if len(c.problems) == 0 {
		return nil
	}
	return c.problems
}
