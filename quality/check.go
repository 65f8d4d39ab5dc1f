package quality

import (
	"fmt"
	"strings"
	"time"
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
	if *value == "" {
		c.add(Required, "This must not be empty.", "此项不能为空。", path...)
		return
	}
	c.length(*value, limit, path...)
}

// optional trims a text that may be left out; an empty one counts as left out.
func (c *check) optional(value **string, limit int, path ...string) {
	if *value == nil {
		return
	}
	trimmed := strings.TrimSpace(**value)
	if trimmed == "" {
		*value = nil
		return
	}
	*value = &trimmed
	c.length(trimmed, limit, path...)
}

// length checks the number of characters, and that there is no NUL, which
// PostgreSQL cannot store.
func (c *check) length(value string, limit int, path ...string) {
	if n := utf8.RuneCountInString(value); n > limit {
		c.add(TooLong, fmt.Sprintf("This has %d characters; at most %d are allowed.", n, limit),
			fmt.Sprintf("共 %d 个字符，最多允许 %d 个。", n, limit), path...)
	}
	if strings.ContainsRune(value, 0) || !utf8.ValidString(value) {
		c.add(Invalid, "This contains characters that cannot be stored.", "含有无法保存的字符。", path...)
	}
}

// notAfter checks that a time does not lie after another.
func (c *check) notAfter(value, limit time.Time, en, zh string, path ...string) {
	if value.After(limit) {
		c.add(Invalid, en, zh, path...)
	}
}

// err returns the problems, nil if there are none.
func (c *check) err() error {
	if len(c.problems) == 0 {
		return nil
	}
	return c.problems
}
