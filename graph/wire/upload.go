package wire

import (
	"crypto/sha256"
	"io"
	"mime"
	"mime/multipart"
	"os"
)

// Upload is a file that came with an operation: what a variable of the scalar Upload
// holds. It can be read until the operation is answered.
type Upload struct{ file *spooled }

// spooled is a file on the disk that has no name there.
type spooled struct {
	path    []string // into the operation
	name    string
	content *os.File // nil until it has come
	size    int64
	digest  [sha256.Size]byte
}

// Name is what the sender calls the file. It is not to be trusted.
func (u Upload) Name() string { return u.file.name }

// Size is the length of the file in bytes.
func (u Upload) Size() int64 { return u.file.size }

// SHA256 is the digest of the content.
func (u Upload) SHA256() [sha256.Size]byte { return u.file.digest }

// Content is what the file holds. It may be read by several at once.
func (u Upload) Content() io.ReaderAt { return u.file.content }

// fileName is the name that a part gives its file, with the folders that some clients
// write before it.
func fileName(part *multipart.Part) string {
	_, args, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	return args["filename"]
}
