package wire

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	maxMapBytes  = 16 << 10 // of the field map
	maxPartBytes = 16 << 10 // of what stands around the content of one part: boundary, header
)

// isMultipart reports whether a request is sent as a form with files.
func isMultipart(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "multipart/")
}

// multipartBody is a request by the GraphQL multipart request specification
// (https://github.com/jaydenseric/graphql-multipart-request-spec): a form whose field
// operations is what a JSON body would be, with null for each file, whose field map
// says which file stands for which null, and whose other fields are the files.
//
// The first two are read and the operation is checked before any file is: who may not
// send files, or sends a wrong operation, costs nothing. The files go to the disk as
// they come, under no name, so that they end with the request however that ends.
type multipartBody struct {
	h     *Handler
	w     http.ResponseWriter
	begun time.Time
	body  *allowance
	parts *multipart.Reader
	files map[string]*spooled // by the name of their fields
	total int64               // bytes of files
}

// beginMultipart reads the parameters of a request with files. Unless it is refused,
// the body must be closed.
func (h *Handler) beginMultipart(w http.ResponseWriter, r *http.Request) (*multipartBody, *graphql.RawParams, *refusal) {
	w.Header().Set("Connection", "close") // whatever is not read of the body is not waited for
	if refused := h.mayBeginMultipart(r); refused != nil {
		return nil, nil, refused
	}
	limit := h.cfg.Limits.BodyBytes + h.cfg.Limits.UploadBytes + maxMapBytes + int64(h.cfg.Limits.Files+2)*maxPartBytes
	if r.ContentLength > limit {
		return nil, nil, h.uploadTooLarge()
	}
	select {
	case h.uploading <- struct{}{}:
	default:
		return nil, nil, refuse(http.StatusServiceUnavailable, CodeTooManyUploads, "The server takes no more files at the moment. Try again.")
	}
	b := &multipartBody{h: h, w: w, begun: time.Now(), files: map[string]*spooled{}}
	b.body = &allowance{r: r.Body, next: b.waitForMore}
	r.Body = io.NopCloser(b.body)
	params, refused := b.readFields(r)
	if refused != nil {
		b.close()
		return nil, nil, refused
	}
	params.Headers = r.Header
	return b, params, nil
}

// mayBeginMultipart looks at the header of a request with files.
func (h *Handler) mayBeginMultipart(r *http.Request) *refusal {
	if h.cfg.UploadDir == "" {
		return refuse(http.StatusUnsupportedMediaType, CodeUnsupportedMediaType, "Files are not taken here.")
	}
	// Browsers send forms to other sites without asking them, but no header of this name.
	if r.Header.Get("GraphQL-Require-Preflight") == "" && r.Header.Get("Apollo-Require-Preflight") == "" {
		return refuse(http.StatusBadRequest, CodePreflightNeeded, "A form must come with the header GraphQL-Require-Preflight: 1.")
	}
	if e := r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return refuse(http.StatusUnsupportedMediaType, CodeUnsupportedMediaType, "The body must not be compressed.")
	}
	return nil
}

// waitForMore gives the client the time for its next bytes: each must come within
// ReadTimeout, and all within UploadTimeout.
func (b *multipartBody) waitForMore() {
	deadline := time.Now().Add(b.h.cfg.ReadTimeout)
	if end := b.begun.Add(b.h.cfg.UploadTimeout); end.Before(deadline) {
		deadline = end
	}
	_ = http.NewResponseController(b.w).SetReadDeadline(deadline) // not every writer has one
}

// readFields reads the fields operations and map.
func (b *multipartBody) readFields(r *http.Request) (*graphql.RawParams, *refusal) {
	var err error
	b.body.left = maxPartBytes
	if b.parts, err = r.MultipartReader(); err != nil {
		return nil, refuse(http.StatusUnsupportedMediaType, CodeUnsupportedMediaType, "A form must be multipart/form-data with a boundary.")
	}
	operations, refused := b.readField("operations", b.h.cfg.Limits.BodyBytes)
	if refused != nil {
		return nil, refused
	}
	params, refused := decodeParams(operations)
	if refused != nil {
		return nil, refused
	}
	text, refused := b.readField("map", maxMapBytes)
	if refused != nil {
		return nil, refused
	}
	var places map[string][]string
	if json.Unmarshal(text, &places) != nil || places == nil {
		return nil, badMap("must be a JSON object of lists of paths")
	}
	return params, b.place(params, places)
}

// readField reads a field that is a text.
func (b *multipartBody) readField(name string, limit int64) ([]byte, *refusal) {
	b.body.left = maxPartBytes
	part, err := b.parts.NextRawPart()
	if err != nil {
		return nil, b.unreadable(err)
	}
	if part.FormName() != name {
		return nil, refuse(http.StatusBadRequest, CodeBadRequest, "The form must begin with the fields operations and map, in this order.")
	}
	b.body.left = limit + maxPartBytes
	text, err := io.ReadAll(io.LimitReader(part, limit+1))
	switch {
	case err != nil:
		return nil, b.unreadable(err)
	case int64(len(text)) > limit:
		return nil, bodyTooLarge(limit)
	case !utf8.Valid(text):
		return nil, refuse(http.StatusBadRequest, CodeBadRequest, "The body must be UTF-8.")
	}
	return text, nil
}

func badMap(what string) *refusal {
	return refuse(http.StatusBadRequest, CodeBadRequest, "The field map "+what+".")
}

// place puts the files that are to come in the places of the variables that map names.
func (b *multipartBody) place(params *graphql.RawParams, places map[string][]string) *refusal {
	if len(places) > b.h.cfg.Limits.Files {
		return refuse(http.StatusBadRequest, CodeTooManyFiles, fmt.Sprintf("The form has %d files; at most %d are allowed.", len(places), b.h.cfg.Limits.Files))
	}
	for field, paths := range places {
		if len(paths) != 1 { // a file that is wanted in two places is sent twice
			return badMap("must have one path for each file")
		}
		path := strings.Split(paths[0], ".")
		file := &spooled{path: path}
		if path[0] != "variables" || len(path) < 2 || !fill(params.Variables, path[1:], Upload{file}) {
			return badMap("must name each null in the variables once, as variables.input.files.0 does")
		}
		b.files[field] = file
	}
	return nil
}

// fill puts a file in the place of a null, and reports whether there was one.
func fill(in any, path []string, file Upload) bool {
	switch in := in.(type) {
	case map[string]any:
		value, there := in[path[0]]
		switch {
		case len(path) > 1:
			return fill(value, path[1:], file)
		case !there || value != nil:
			return false
		}
		in[path[0]] = file
		return true
	case []any:
		i, err := strconv.Atoi(path[0])
		switch {
		case err != nil || i < 0 || i >= len(in) || strconv.Itoa(i) != path[0]:
			return false
		case len(path) > 1:
			return fill(in[i], path[1:], file)
		case in[i] != nil:
			return false
		}
		in[i] = file
		return true
	default:
		return false
	}
}

// receive reads the files of an operation that has passed all checks.
func (b *multipartBody) receive(op *ast.OperationDefinition) *refusal {
	if op.Operation != ast.Mutation {
		return refuse(http.StatusBadRequest, CodeBadRequest, "Only a mutation takes files.")
	}
	for {
		b.body.left = maxPartBytes
		part, err := b.parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return b.unreadable(err)
		}
		file := b.files[part.FormName()]
		if file == nil || file.content != nil {
			return refuse(http.StatusBadRequest, CodeBadRequest, "The form has a field that map does not name, or has it twice.")
		}
		if refused := b.spool(part, file); refused != nil {
			return refused
		}
	}
	for _, file := range b.files {
		if file.content == nil {
			return refuse(http.StatusBadRequest, CodeBadRequest, "A file that map names is missing.")
		}
	}
	b.w.Header().Del("Connection")
	// As after any body: see readBody.
	_ = http.NewResponseController(b.w).SetReadDeadline(time.Time{})
	return nil
}

// spool writes a file to the disk.
func (b *multipartBody) spool(part *multipart.Part, file *spooled) *refusal {
	content, err := os.CreateTemp(b.h.cfg.UploadDir, "upload-*")
	if err != nil {
		return fault(err)
	}
	file.content = content // from now on close ends it
	if err := os.Remove(content.Name()); err != nil {
		return fault(err)
	}
	limit := min(b.h.cfg.Limits.FileBytes, b.h.cfg.Limits.UploadBytes-b.total)
	b.body.left = limit + maxPartBytes
	digest := sha256.New()
	disk := &sink{w: io.MultiWriter(content, digest)}
	file.size, err = io.Copy(disk, io.LimitReader(part, limit+1))
	switch {
	case disk.err != nil:
		return fault(disk.err)
	case file.size > b.h.cfg.Limits.FileBytes:
		refused := refuse(http.StatusRequestEntityTooLarge, CodeFileTooLarge, fmt.Sprintf("The file is larger than %d bytes.", b.h.cfg.Limits.FileBytes))
		refused.errors[0].Extensions["path"] = file.path
		return refused
	case file.size > limit:
		return b.h.uploadTooLarge()
	case err != nil:
		return b.unreadable(err)
	}
	b.total += file.size
	file.name = fileName(part)
	file.digest = [sha256.Size]byte(digest.Sum(nil))
	return nil
}

func (h *Handler) uploadTooLarge() *refusal {
	return refuse(http.StatusRequestEntityTooLarge, CodeUploadTooLarge, fmt.Sprintf("The files have more than %d bytes together.", h.cfg.Limits.UploadBytes))
}

// unreadable is the refusal of a body that ended early, came too slowly or is no form.
func (b *multipartBody) unreadable(err error) *refusal {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return refuse(http.StatusRequestTimeout, CodeTooSlow, "The body came too slowly.")
	}
	return refuse(http.StatusBadRequest, CodeBadRequest, "The body is not a complete form of a few parts with short headers.")
}

// close ends the files.
func (b *multipartBody) close() {
	for _, file := range b.files {
		if file.content != nil {
			_ = file.content.Close() // its name has gone, and so has it
		}
	}
	<-b.h.uploading
}

// fault is the refusal for an error that is the server's own.
func fault(err error) *refusal {
	refused := refuse(http.StatusInternalServerError, CodeInternal, "")
	refused.errors[0] = asGraphQL(fmt.Errorf("keeping a file that is being sent: %w", err))
	return refused
}

// sink remembers that it was the writing that failed.
type sink struct {
	w   io.Writer
	err error
}

func (s *sink) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.err = err
	return n, err
}

// allowance is a body of which only so much may be read until more is allowed. It
// bounds what the parts have besides their contents, which nothing else does.
type allowance struct {
	r    io.Reader
	left int64
	next func() // called before each read
}

var errAllowance = errors.New("wire: a part of the body is longer than allowed")

func (a *allowance) Read(p []byte) (int, error) {
	if a.left <= 0 {
		return 0, errAllowance
	}
	a.next()
	n, err := a.r.Read(p[:min(int64(len(p)), a.left)])
	a.left -= int64(n)
	return n, err
}
