package contact

import (
	"bytes"
	"crypto/hmac"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// key is one of the keys of a key file: the two Tink keys of which one seals and the
// other makes digests. They come and go together.
type key struct {
	id     uint32 // of the one that seals; what it sealed begins with it
	sealer tink.AEAD
	digest *prf.Set
}

// digestSize is the length of a digest, in bytes.
const digestSize = 32

func newKey(sealing, indexing *tinkpb.Keyset_Key) (*key, error) {
	k := key{id: sealing.GetKeyId()}
	handle, err := alone(sealing)
	if err == nil {
		k.sealer, err = aead.New(handle)
	}
	if err != nil {
		return nil, fmt.Errorf("reading a sealing key: %w", err)
	}
	if handle, err = alone(indexing); err == nil {
		k.digest, err = prf.NewPRFSet(handle)
	}
	if err != nil {
		return nil, fmt.Errorf("reading an index key: %w", err)
	}
	return &k, nil
}

// alone is a keyset of one key.
func alone(k *tinkpb.Keyset_Key) (*keyset.Handle, error) {
	var set bytes.Buffer
	if err := keyset.NewBinaryWriter(&set).Write(&tinkpb.Keyset{PrimaryKeyId: k.GetKeyId(), Key: []*tinkpb.Keyset_Key{k}}); err != nil {
		return nil, err
	}
	return insecurecleartextkeyset.Read(keyset.NewBinaryReader(&set))
}

// name is what operators know a key by.
func (k *key) name() string { return fmt.Sprintf("%08x", k.id) }

func (k *key) index(f Field, value string) ([]byte, error) {
	digest, err := k.digest.ComputePrimaryPRF([]byte(string(f)+"\x00"+value), digestSize)
	if err != nil {
		return nil, fmt.Errorf("indexing contact data: %w", err)
	}
	return digest, nil
}

// Ring is the keys of one moment: that by which is sealed now, and those by which
// something may still be sealed. It does not change.
type Ring struct {
	keys []*key // the primary one first
}

// Primary names the key by which the ring seals.
func (r *Ring) Primary() string { return r.keys[0].name() }

// Seal encrypts a value.
func (r *Ring) Seal(f Field, value string) ([]byte, error) {
	sealed, err := r.keys[0].sealer.Encrypt([]byte(value), []byte(f))
	if err != nil {
		return nil, fmt.Errorf("sealing contact data: %w", err)
	}
	return sealed, nil
}

// Digest returns the 32 bytes by which an exact value is found again that Seal sealed.
func (r *Ring) Digest(f Field, value string) ([]byte, error) { return r.keys[0].index(f, value) }

// Digests returns the digests by which an exact value is found, whichever key sealed it: first
// that which goes with what Seal returns, then those of the other keys.
func (r *Ring) Digests(f Field, value string) ([][]byte, error) {
	digests := make([][]byte, len(r.keys))
	for n, k := range r.keys {
		var err error
		if digests[n], err = k.index(f, value); err != nil {
			return nil, err
		}
	}
	return digests, nil
}

// What Tink seals begins with the byte 1 and the id of the key.
const prefixSize = 5

var errNotSealed = errors.New("contact: not sealed by a key of a key file")

func sealedBy(sealed []byte) (uint32, error) {
	if len(sealed) < prefixSize || sealed[0] != 1 {
		return 0, errNotSealed
	}
	return binary.BigEndian.Uint32(sealed[1:]), nil
}

// SealedBy returns the first bytes of all that the key of a name has sealed, and those
// that come after all of it.
func SealedBy(name string) (from, below []byte, err error) {
	var id uint32
	if _, err := fmt.Sscanf(name, "%08x", &id); err != nil {
		return nil, nil, fmt.Errorf("%q is not the name of a key: %w", name, err)
	}
	from = binary.BigEndian.AppendUint32([]byte{1}, id)
	below = binary.BigEndian.AppendUint64(nil, 1<<32+uint64(id)+1)[3:]
	return from, below, nil
}

// with is the ring with a key of this name as the primary one, if it has it.
func (r *Ring) with(name string) *Ring {
	at := slices.IndexFunc(r.keys, func(k *key) bool { return k.name() == name })
	if at <= 0 {
		return r
	}
	keys := slices.Delete(slices.Clone(r.keys), at, at+1)
	return &Ring{slices.Insert(keys, 0, r.keys[at])}
}

// find returns a key of the ring, nil if it is not there.
func (r *Ring) find(id uint32) *key {
	if at := slices.IndexFunc(r.keys, func(k *key) bool { return k.id == id }); at >= 0 {
		return r.keys[at]
	}
	return nil
}

// sign is [Keys.Sign].
func (r *Ring) sign(f Field, message string) ([]byte, error) {
	digest, err := r.keys[0].index(f, message)
	if err != nil {
		return nil, err
	}
	return append(binary.BigEndian.AppendUint32([]byte{1}, r.keys[0].id), digest...), nil
}

// signed is [Keys.Signed].
func (r *Ring) signed(f Field, message string, signature []byte) (bool, error) {
	candidates := r.keys
	if len(signature) > digestSize {
		id, err := sealedBy(signature)
		k := r.find(id)
		if err != nil || k == nil {
			return false, nil
		}
		candidates, signature = []*key{k}, signature[prefixSize:]
	}
	for _, k := range candidates {
		digest, err := k.index(f, message)
		if err != nil || hmac.Equal(digest, signature) {
			return err == nil, err
		}
	}
	return false, nil
}
