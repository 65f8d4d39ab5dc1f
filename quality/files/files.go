// Package files keeps the contents of attachments: in a folder or in a bucket, each
// sealed by a key of its own. It also says what a file is, and what it may be called.
// It knows nothing of cases; which files there are is in the database.
package files

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"
	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/s3blob"
	"gocloud.dev/gcerrors"
)

// ErrMissing is returned for a file that is not in the store.
var ErrMissing = errors.New("files: the file is not in the store")

// Store keeps files. Its methods may be called at once from many goroutines.
type Store struct {
	bucket *blob.Bucket
	folder string // of a store on the local disk
}

// Open opens the store at a URL: file:///path for a folder of this machine, which is
// made where there is none, or s3://bucket for one of Amazon S3 or what speaks its
// protocol, with region, endpoint and use_path_style as parameters and the credentials
// where Amazon's own programs have them.
func Open(ctx context.Context, at string) (*Store, error) {
	s, err := open(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("opening the store of attachments: %w", err)
	}
	return s, nil
}

func open(ctx context.Context, at string) (*Store, error) {
	u, err := url.Parse(at)
	switch {
	case err == nil && u.Scheme == "file" && u.Host == "" && u.Path != "":
		// Half-written files lie in the folder itself, where Remove finds them.
		bucket, err := fileblob.OpenBucket(u.Path, &fileblob.Options{
			CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
		})
		return &Store{bucket: bucket, folder: u.Path}, err
	case err == nil && u.Scheme == s3blob.Scheme && u.Host != "" && u.User == nil:
		bucket, err := new(s3blob.URLOpener).OpenBucketURL(ctx, u)
		return &Store{bucket: bucket}, err
	default: // which may hold a password
		return nil, errors.New("it must be a URL such as file:///var/lib/rounds/attachments or s3://bucket?region=eu-central-1, without credentials")
	}
}

// Close releases what the store holds.
func (s *Store) Close() error { return s.bucket.Close() }

const (
	keySize = 32
	// segment is how much of a file is sealed, and held in memory, at a time.
	segment = 64 << 10
)

// NewKey returns a key for one file.
func NewKey() []byte {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails
	return key
}

// sealer is the streaming encryption of a file (AES-256-GCM-HKDF of Tink): what is cut
// off, put elsewhere or changed is noticed.
func sealer(key []byte) (*subtle.AESGCMHKDF, error) {
	return subtle.NewAESGCMHKDF(key, "SHA256", keySize, segment, 0)
}

// Write stores a file under a name, which is lost with the file when it fails. It is
// permanent when Write returns. Names consist of letters, digits, "-", "_" and "/".
func (s *Store) Write(ctx context.Context, name string, key []byte, content io.Reader) error {
	if err := s.write(ctx, name, key, content); err != nil {
		return fmt.Errorf("storing a file: %w", err)
	}
	return nil
}

func (s *Store) write(ctx context.Context, name string, key []byte, content io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before Close: leaves nothing of a file that is not complete
	sealing, err := sealer(key)
	if err != nil {
		return err
	}
	out, err := s.bucket.NewWriter(ctx, name, &blob.WriterOptions{
		ContentType: "application/octet-stream", DisableContentTypeDetection: true, MaxConcurrency: 1,
	})
	if err != nil {
		return err
	}
	sealed, err := sealing.NewEncryptingWriter(out, []byte(name))
	if err == nil {
		if _, err = io.Copy(sealed, content); err == nil {
			err = sealed.Close()
		}
	}
	if err != nil {
		cancel()
		return errors.Join(err, ignoreCancelled(out.Close()))
	}
	if err := out.Close(); err != nil {
		return err
	}
	return s.sync(name)
}

func ignoreCancelled(err error) error {
	if errors.Is(err, context.Canceled) || gcerrors.Code(err) == gcerrors.Canceled {
		return nil
	}
	return err
}

// sync makes a file in a local folder survive a power failure, as the database does.
// Buckets answer when that is so.
func (s *Store) sync(name string) error {
	if s.folder == "" {
		return nil
	}
	path := filepath.Join(s.folder, filepath.FromSlash(name))
	for at := path; ; at = filepath.Dir(at) {
		f, err := os.Open(at)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil || at == filepath.Clean(s.folder) {
			return err
		}
	}
}

// Remove removes a file and what was left of an attempt to write it. It is no error
// when there is none.
func (s *Store) Remove(ctx context.Context, name string) error {
	found := s.bucket.List(&blob.ListOptions{Prefix: name})
	for {
		object, err := found.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = s.bucket.Delete(ctx, object.Key)
		}
		if err != nil && gcerrors.Code(err) != gcerrors.NotFound && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing a file: %w", err)
		}
	}
}

// Read opens a file of a known size. One that is not there is [ErrMissing].
func (s *Store) Read(ctx context.Context, name string, key []byte, size int64) (*Content, error) {
	c := &Content{ctx: ctx, store: s, name: name, key: key, size: size}
	if err := c.open(); err != nil {
		return nil, err
	}
	return c, nil
}

// Content is a file that is being read. Seeking is cheap forwards, as far as that has
// to be read, and begins anew backwards.
type Content struct {
	ctx   context.Context // of the Read that it serves, which ends before that does
	store *Store
	name  string
	key   []byte
	size  int64

	sealed io.ReadCloser
	clear  io.Reader
	at     int64 // what clear reads next
	wanted int64 // what Read reads next
}

func (c *Content) open() error {
	sealing, err := sealer(c.key)
	if err != nil {
		return err
	}
	sealed, err := c.store.bucket.NewReader(c.ctx, c.name, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return ErrMissing
	}
	if err != nil {
		return fmt.Errorf("reading a file: %w", err)
	}
	if c.clear, err = sealing.NewDecryptingReader(sealed, []byte(c.name)); err != nil {
		return errors.Join(fmt.Errorf("reading a file: %w", err), sealed.Close())
	}
	c.sealed, c.at = sealed, 0
	return nil
}

// Read implements io.Reader.
func (c *Content) Read(p []byte) (int, error) {
	if c.wanted >= c.size {
		return 0, io.EOF
	}
	if c.wanted < c.at {
		if err := c.sealed.Close(); err != nil {
			return 0, err
		}
		if err := c.open(); err != nil {
			return 0, err
		}
	}
	if skip := c.wanted - c.at; skip > 0 {
		n, err := io.CopyN(io.Discard, c.clear, skip)
		c.at += n
		if err != nil {
			return 0, fmt.Errorf("reading a file: %w", err)
		}
	}
	n, err := c.clear.Read(p)
	c.at += int64(n)
	c.wanted = c.at
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("reading a file: %w", err)
	}
	return n, err
}

// Seek implements io.Seeker.
func (c *Content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.wanted
	case io.SeekEnd:
		offset += c.size
	}
	if offset < 0 {
		return 0, errors.New("files: seek before the beginning")
	}
	c.wanted = offset
	return offset, nil
}

// Close ends the reading.
func (c *Content) Close() error { return c.sealed.Close() }

// ObjectName is under which name a content with a digest is stored by the row with the
// id: the same content, stored again after it was erased, has another name.
func ObjectName(digest []byte, id fmt.Stringer) string {
	hex := fmt.Sprintf("%x", digest)
	return strings.Join([]string{hex[:2], hex + "-" + id.String()}, "/")
}
