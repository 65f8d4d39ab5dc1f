// Package contact keeps the contact data of customers: it normalises telephone
// numbers and e-mail addresses, seals them for the database, and finds them again
// by a keyed digest of the exact value. It knows nothing of customers.
package contact

import (
	"errors"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

// ErrInvalid is returned for a text that is no telephone number or e-mail address.
var ErrInvalid = errors.New("contact: not a valid value")

// Phone returns a telephone number in E.164 form, such as "+8613800138000", and
// with an extension in the manner of RFC 3966: "+8675526001234;ext=8001". country
// is the ISO 3166-1 alpha-2 code of the country in which a number without a country
// code is dialled. A number that cannot be dialled from elsewhere, such as one
// without its area code, is [ErrInvalid].
func Phone(number, country string) (string, error) {
	number = strings.ReplaceAll(strings.TrimSpace(number), "转", "ext") // as extensions are written in Chinese
	parsed, err := phonenumbers.Parse(number, strings.ToUpper(country))
	if err != nil || phonenumbers.IsPossibleNumberWithReason(parsed) != phonenumbers.IS_POSSIBLE {
		return "", ErrInvalid
	}
	normal := phonenumbers.Format(parsed, phonenumbers.E164)
	if extension := parsed.GetExtension(); extension != "" {
		normal += extensionMark + extension
	}
	return normal, nil
}

const extensionMark = ";ext="

// Email returns an e-mail address in lower case and without a display name. Its
// length is at most 254 bytes.
func Email(address string) (string, error) {
	parsed, err := mail.ParseAddress(address)
	if err != nil {
		return "", ErrInvalid
	}
	bare := (&mail.Address{Address: parsed.Address}).String() // "<…>"; quotes the local part where it must be
	normal := strings.ToLower(bare[1 : len(bare)-1])
	if len(normal) > 254 {
		return "", ErrInvalid
	}
	return normal, nil
}

// Chat returns what somebody is called at a chat service, without spaces around it.
// Capitals count: services tell names apart by them. It is one line of at most 200
// characters.
func Chat(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > 200 || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return "", ErrInvalid
	}
	return name, nil
}

// MaskPhone shows the last four digits of a normalised number, and nothing of an
// extension: "•••• 8000". Of a number of fewer than eight it shows nothing.
func MaskPhone(number string) string {
	const shown = 4
	number, _, _ = strings.Cut(number, extensionMark)
	if len(strings.TrimPrefix(number, "+")) < 2*shown {
		return "••••"
	}
	return "•••• " + number[len(number)-shown:]
}

// MaskEmail shows the first letter and the domain of a normalised address:
// "w•••@example.com".
func MaskEmail(address string) string {
	at := strings.LastIndex(address, "@") // a quoted local part may contain others
	if at <= 0 {
		return "•••"
	}
	_, size := utf8.DecodeRuneInString(address)
	return address[:size] + "•••" + address[at:]
}

// MaskChat shows the first letter of a name of at least three: "w•••".
func MaskChat(name string) string {
	if utf8.RuneCountInString(name) < 3 {
		return "•••"
	}
	_, size := utf8.DecodeRuneInString(name)
	return name[:size] + "•••"
}

// Field names the kind of value, so that a sealed telephone number cannot be
// passed off as an e-mail address, nor the digest of one found as that of the other.
type Field string

// The fields.
const (
	PhoneField Field = "phone"
	EmailField Field = "email"
)

// ChatField is the field of names at a chat service, such as "WECHAT".
func ChatField(service string) Field { return Field("chat:" + service) }
