package main

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/wire"
	"github.com/seed-34fcb60d/rounds/quality"
)

// mayUpload lets those send files who say who they are.
func mayUpload(ctx context.Context) error {
	if ent.ViewerFrom(ctx).IsZero() {
		return wire.ErrUnauthenticated
	}
	return nil
}

const (
	// downloadRate and downloadBurst bound the bytes that one token is sent by a server.
	downloadRate  = 8 << 20 // a second
	downloadBurst = 1 << 30
	// downloadWait is how long a client may take for the next piece of a file.
	downloadWait = 30 * time.Second
	// knownDownloaders is of how many tokens it is remembered what they were sent.
	knownDownloaders = 10_000
)

// downloads serves attachments by the links that the API gives.
type downloads struct {
	*access
	limits *lru.Cache[typeid.TokenID, *rate.Limiter]
}

func newDownloads(a *access) *downloads {
	limits, err := lru.New[typeid.TokenID, *rate.Limiter](knownDownloaders)
	if err != nil {
		panic(err) // of a size that is not positive
	}
	return &downloads{access: a, limits: limits}
}

// ServeHTTP implements http.Handler.
func (d *downloads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store") // of refusals
	opened, err := d.quality.OpenAttachment(r.Context(), r.PathValue("id"), r.URL.Query())
	var rejection quality.Rejection
	switch {
	case errors.Is(err, quality.ErrLink):
		http.Error(w, "This link is not valid, or not any more. Ask for a new one.\n链接无效或已过期，请重新获取。", http.StatusForbidden)
		return
	case errors.As(err, &rejection):
		http.Error(w, "There is no such attachment.\n没有此附件。", http.StatusNotFound)
		return
	case err != nil:
		d.log.Error().Err(err).Str("attachment", r.PathValue("id")).Msg("attachment not served")
		http.Error(w, "The file could not be read.\n无法读取文件。", http.StatusInternalServerError)
		return
	}
	defer func() { _ = opened.Close() }() // it was only read
	ctx, valid := d.revocable(r.Context(), opened.Viewer)
	if !valid {
		http.Error(w, "This link is not valid, or not any more. Ask for a new one.\n链接无效或已过期，请重新获取。", http.StatusForbidden)
		return
	}
	if !d.limit(opened.Viewer).AllowN(time.Now(), opened.Size) {
		header.Set("Retry-After", "10")
		http.Error(w, "Too much was downloaded within a short time. Try again later.\n短时间内下载过多，请稍后再试。", http.StatusTooManyRequests)
		return
	}
	serveFile(w, r, opened, &bounded{ctx: ctx, content: opened.Content, w: http.NewResponseController(w)})
}

// limit returns what bounds the bytes sent to a token. Whatever part of a file is asked
// for, the file is counted, as it has to be read.
func (d *downloads) limit(token typeid.TokenID) *rate.Limiter {
	fresh := rate.NewLimiter(downloadRate, downloadBurst)
	if known, found, _ := d.limits.PeekOrAdd(token, fresh); found {
		return known
	}
	return fresh
}

// serveFile sends a file, or the part of it that is asked for, in a way that no browser
// takes for a page: what is in it is whatever somebody sent.
func serveFile(w http.ResponseWriter, r *http.Request, a *quality.OpenedAttachment, content io.ReadSeeker) {
	header := w.Header()
	header.Set("Content-Type", a.ContentType)
	header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": *a.Name}))
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	header.Set("Cross-Origin-Resource-Policy", "same-site")
	header.Set("Cache-Control", "private, max-age=300, must-revalidate")
	header.Set("ETag", `"`+hex.EncodeToString(a.Digest)+`"`)
	if strings.Contains(r.Header.Get("Range"), ",") { // several parts would be read from the beginning each
		r.Header.Del("Range")
	}
	http.ServeContent(w, r, "", time.Time{}, content)
}

// bounded reads as long as the token is good and the client takes what was read before.
type bounded struct {
	ctx     context.Context // of the request, and of the token
	content io.ReadSeeker
	w       *http.ResponseController
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	_ = b.w.SetWriteDeadline(time.Now().Add(downloadWait)) // not every writer has one
	return b.content.Read(p)
}

// Seek implements io.Seeker.
func (b *bounded) Seek(offset int64, whence int) (int64, error) {
	return b.content.Seek(offset, whence)
}
