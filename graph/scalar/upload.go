package scalar

import (
	"errors"

	"github.com/99designs/gqlgen/graphql"

	"github.com/seed-34fcb60d/rounds/graph/wire"
	"github.com/seed-34fcb60d/rounds/quality"
)

// UnmarshalUpload takes a file that came with the operation.
func UnmarshalUpload(v any) (quality.Upload, error) {
	u, ok := v.(wire.Upload)
	if !ok {
		return quality.Upload{}, errors.New("a file must be sent as a part of a form")
	}
	return quality.Upload{Name: u.Name(), Size: u.Size(), Digest: u.SHA256(), Content: u.Content()}, nil
}

// MarshalUpload is never called: the scalar stands in inputs only.
func MarshalUpload(quality.Upload) graphql.Marshaler { return graphql.Null }
