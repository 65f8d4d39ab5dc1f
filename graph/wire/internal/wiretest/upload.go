package wiretest

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/99designs/gqlgen/graphql"

	"github.com/seed-34fcb60d/rounds/graph/wire"
)

// UnmarshalUpload takes a file.
func UnmarshalUpload(v any) (wire.Upload, error) {
	if u, ok := v.(wire.Upload); ok {
		return u, nil
	}
	return wire.Upload{}, errors.New("not a file")
}

// MarshalUpload is never called.
func MarshalUpload(wire.Upload) graphql.Marshaler { return graphql.Null }

// Send says of each file its name, its digest and what is in it.
func (r *Resolver) Send(_ context.Context, file *wire.Upload, parcel *Parcel) ([]string, error) {
	var all []wire.Upload
	if file != nil {
		all = append(all, *file)
	}
	if parcel != nil {
		for _, f := range parcel.Files {
			all = append(all, *f)
		}
	}
	said := []string{}
	for _, f := range all {
		content, err := io.ReadAll(io.NewSectionReader(f.Content(), 0, f.Size()))
		if err != nil {
			return nil, err
		}
		digest := f.SHA256()
		said = append(said, fmt.Sprintf("%s %x %.60s", f.Name(), digest[:4], content))
	}
	return said, nil
}

// Tell takes no files.
func (r *Resolver) Tell(_ context.Context, note *string) (*string, error) { return note, nil }
