package files

import (
	"fmt"
	"io"
	"slices"

	"github.com/gabriel-vasile/mimetype"
)

// allowed are the types of files that are taken. What a browser or an office program
// would run is not among them: pages, vector images, scripts, programs.
var allowed = []string{
	"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif", "image/avif", "image/bmp", "image/tiff",
	"application/pdf",
	"audio/mpeg", "audio/wav", "audio/ogg", "audio/flac", "audio/aac", "audio/amr", "audio/mp4", "audio/x-m4a",
	"video/mp4", "video/quicktime", "video/webm", "video/3gpp", "video/3gpp2", "video/x-m4v",
	"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.presentation",
	"text/plain", "text/csv",
}

// Kind is what a file is by its content, such as "image/png"; whatever its name says
// and its sender claimed counts for nothing. It is false for a type that is not taken.
func Kind(content io.Reader) (string, bool, error) {
	found, err := mimetype.DetectReader(content)
	if err != nil {
		return "", false, fmt.Errorf("looking at the type of a file: %w", err)
	}
	kind := slices.IndexFunc(allowed, found.Is)
	if kind < 0 {
		return found.String(), false, nil
	}
	if allowed[kind] == "text/plain" || allowed[kind] == "text/csv" {
		return found.String(), true, nil // with its character set
	}
	return allowed[kind], true, nil
}
