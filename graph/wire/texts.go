package wire

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
)

// shortText is the length, in bytes, up to which texts are not counted: the cost of
// an operation bounds how many of those there can be.
const shortText = 256

// texts is how many bytes of long texts a response may still have.
// A field costs the same whatever is in it, and one long text can be asked for
// under many aliases.
type texts struct {
	limit int
	left  atomic.Int64
}

type textsKey struct{}

func withTexts(ctx context.Context, limit int) context.Context {
	t := &texts{limit: limit}
	t.left.Store(int64(limit))
	return context.WithValue(ctx, textsKey{}, t)
}

// boundTexts puts an error in the place of each text that is too much for the
// answer. It is a field middleware.
func boundTexts(ctx context.Context, next graphql.Resolver) (any, error) {
	value, err := next(ctx)
	size := 0
	switch text := value.(type) {
	case string:
		size = len(text)
	case *string:
		if text != nil {
			size = len(*text)
		}
	}
	if size <= shortText {
		return value, err
	}
	t, counted := ctx.Value(textsKey{}).(*texts)
	if counted && t.left.Add(-int64(size)) < 0 {
		return nil, newError(CodeAnswerTooLarge, fmt.Sprintf(
			"The texts of the answer have more than %d bytes. Ask for fewer of them at once.", t.limit))
	}
	return value, err
}
