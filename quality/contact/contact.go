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
	"path/filepath"
	"strings"
	"unicode"
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

// Keys seals and indexes contact data.
type Keys struct {
	sealer tink.AEAD
	digest *prf.Set
}

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
	keys, err := readKeys(content)
	if err != nil { // which may quote the file
		return nil, fmt.Errorf("the key file %s is damaged: restore it from a backup", path)
	}
	return keys, nil
}

// NewKeys returns fresh keys that are kept nowhere.
func NewKeys() (*Keys, error) {
	content, err := freshKeys()
	if err != nil {
		return nil, err
	}
	return readKeys(content)
}

// readKeys reads the content of a key file: two Tink keysets in JSON, each on a
// line, the one that seals and the one that indexes.
func readKeys(content []byte) (*Keys, error) {
	sealing, indexing, _ := bytes.Cut(bytes.TrimSpace(content), []byte("\n"))
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

// createKeyFile writes the file for this account's eyes only. It gets its name when
// it is complete and on disk, so that nobody ever reads half of it; when another
// server was first, that one's file is returned.
func createKeyFile(path string) (_ []byte, err error) {
	content, err := freshKeys()
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // with mode 0600
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
		return os.ReadFile(path)
	} else if err != nil {
		return nil, err
	}
	return content, syncFolder(filepath.Dir(path))
}

// syncFolder makes the names in a folder permanent.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
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
