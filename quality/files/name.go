package files

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	maxName      = 200 // characters
	maxExtension = 20
)

// Name is what a file may be called: the last part of what its sender calls it,
// however folders are written there, without control characters and marks that turn
// the direction of writing, and cut to 200 characters before the extension. A name of
// which nothing is left is "file".
func Name(sent string) string {
	name := strings.ToValidUTF8(sent, "\uFFFD")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r): // control characters, and marks without a shape of their own
			return -1
		}
		return r
	}, name)
	name = strings.Trim(norm.NFC.String(name), " .")
	if name == "" {
		return "file"
	}
	if excess := utf8.RuneCountInString(name) - maxName; excess > 0 {
		extension := path.Ext(name)
		if utf8.RuneCountInString(extension) > maxExtension {
			extension = ""
		}
		stem := []rune(strings.TrimSuffix(name, extension))
		name = strings.TrimRight(string(stem[:len(stem)-excess]), " .") + extension
	}
	return name
}
