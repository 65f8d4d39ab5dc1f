// Package contact keeps the contact data of customers: it normalises telephone
// numbers and e-mail addresses, seals them for the database, and finds them again
// by a keyed digest of the exact value. It knows nothing of customers.
package contact

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/mail"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// ErrInvalid is returned for a text that is no telephone number or e-mail address.
var ErrInvalid = errors.New("contact: not a valid value")

// Phone returns a telephone number in E.164 form, such as "+8613800138000".
// country is the ISO 3166-1 alpha-2 code of the country in which a number without
// a country code is dialled.
func Phone(number, country string) (string, error) {
	parsed, err := phonenumbers.Parse(number, strings.ToUpper(country))
	if err != nil || !phonenumbers.IsPossibleNumber(parsed) {
		return "", ErrInvalid
	}
	return phonenumbers.Format(parsed, phonenumbers.E164), nil
}

// Email returns an e-mail address in lower case and without a display name.
func Email(address string) (string, error) {
	parsed, err := mail.ParseAddress(strings.TrimSpace(address))
	if err != nil || len(parsed.Address) > 254 || !strings.Contains(parsed.Address, "@") {
		return "", ErrInvalid
	}
	return strings.ToLower(parsed.Address), nil
}

// MaskPhone shows the last four digits: "•••• 8000".
func MaskPhone(number string) string {
	const shown = 4
	if len(number) <= shown {
		return "••••"
	}
	return "•••• " + number[len(number)-shown:]
}

// MaskEmail shows the first letter and the domain: "w•••@example.com".
func MaskEmail(address string) string {
	local, domain, ok := strings.Cut(address, "@")
	if !ok || local == "" {
		return "•••"
	}
	_, size := utf8.DecodeRuneInString(local)
	return local[:size] + "•••@" + domain
}

// Field names the kind of value, so that a sealed telephone number cannot be
// passed off as an e-mail address, nor the digest of one found as that of the other.
type Field string

// The fields.
const (
	PhoneField Field = "phone"
	EmailField Field = "email"
)

// Keys seals and indexes contact data.
type Keys struct {
	sealer tink.AEAD
	digest *prf.Set
}

// keyFile is the form of the key file: two Tink keysets in JSON, one on each line.
const keyFileLines = 2

// OpenKeys reads the key file, and makes one with fresh keys where there is none.
// The file is the only way to the contact data: without it what is in the database
// and its backups cannot be read. Servers that share a database share the file.
func OpenKeys(path string) (*Keys, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		content, err = createKeyFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	lines := bytes.Split(bytes.TrimSpace(content), []byte("\n"))
	if len(lines) != keyFileLines {
		return nil, fmt.Errorf("the key file %s is damaged: restore it from a backup", path)
	}
	return newKeys(lines[0], lines[1])
}

// NewKeys returns fresh keys that are kept nowhere.
func NewKeys() (*Keys, error) {
	content, err := freshKeys()
	if err != nil {
		return nil, err
	}
	sealing, indexing, _ := bytes.Cut(content, []byte("\n"))
	return newKeys(sealing, indexing)
}

func newKeys(sealing, indexing []byte) (*Keys, error) {
	var k Keys
	handle, err := readKeyset(sealing)
	if err == nil {
		k.sealer, err = aead.New(handle)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the sealing key: %w", err)
	}
	if handle, err = readKeyset(indexing); err == nil {
		k.digest, err = prf.NewPRFSet(handle)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the index key: %w", err)
	}
	return &k, nil
}

func readKeyset(line []byte) (*keyset.Handle, error) {
	return insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(line)))
}

func freshKeys() ([]byte, error) {
	var out bytes.Buffer
	for _, template := range []*tinkpb.KeyTemplate{aead.AES256GCMKeyTemplate(), prf.HMACSHA256PRFKeyTemplate()} {
		handle, err := keyset.NewHandle(template)
		if err != nil {
			return nil, err
		}
		var line bytes.Buffer
		if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&line)); err != nil {
			return nil, err
		}
		out.Write(bytes.TrimSpace(bytes.ReplaceAll(line.Bytes(), []byte("\n"), nil)))
		out.WriteByte('\n')
	}
	return out.Bytes(), nil
}

// createKeyFile writes the file for this account's eyes only, and whole or not at all.
func createKeyFile(path string) ([]byte, error) {
	content, err := freshKeys()
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) { // another server was first
		return os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	_, err = f.Write(content)
	return content, errors.Join(err, f.Sync(), f.Close())
}

// Seal encrypts a value.
func (k *Keys) Seal(f Field, value string) ([]byte, error) {
	sealed, err := k.sealer.Encrypt([]byte(value), []byte(f))
	if err != nil {
		return nil, fmt.Errorf("sealing contact data: %w", err)
	}
	return sealed, nil
}

// Open decrypts what Seal returned.
func (k *Keys) Open(f Field, sealed []byte) (string, error) {
	value, err := k.sealer.Decrypt(sealed, []byte(f))
	if err != nil {
		return "", fmt.Errorf("opening contact data: %w", err)
	}
	return string(value), nil
}

// Index returns the 32 bytes by which an exact value is found again.
func (k *Keys) Index(f Field, value string) ([]byte, error) {
	digest, err := k.digest.ComputePrimaryPRF([]byte(string(f)+"\x00"+value), 32)
	if err != nil {
		return nil, fmt.Errorf("indexing contact data: %w", err)
	}
	return digest, nil
}
