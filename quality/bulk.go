package quality

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// maxBulk bounds the items of one request.
const maxBulk = 100

// DispatchCases are offers of several cases.
type DispatchCases struct {
	IdempotencyKey *string
	Items          []DispatchItem
}

// DispatchItem is one of [DispatchCases].
type DispatchItem struct {
	ID               typeid.CaseID
	ExpectedRevision int
	DepartmentID     typeid.DepartmentID
	AssigneeID       *typeid.StaffID
	Note             *string
}

// AssignCases are offers of several cases to persons of the departments that have them.
type AssignCases struct {
	IdempotencyKey *string
	Items          []AssignItem
}

// AssignItem is one of [AssignCases].
type AssignItem struct {
	ID               typeid.CaseID
	ExpectedRevision int
	AssigneeID       typeid.StaffID
	Note             *string
}

// ItemResult is what became of one item: its change, or why it was not made.
type ItemResult struct {
	Change *Change[*db.ServiceCase]
	Refuse Rejection
}

// DispatchCases dispatches several cases, each by itself: what is in the way of one
// does not keep the others.
func (s *Service) DispatchCases(ctx context.Context, in DispatchCases) ([]ItemResult, error) {
	return bulk(ctx, s, "casesDispatch", in.IdempotencyKey, in.Items, func(ctx context.Context, i DispatchItem, key *string) (*Change[*db.ServiceCase], error) {
		return s.DispatchCase(ctx, DispatchCase{key, i.ID, i.ExpectedRevision, i.DepartmentID, i.AssigneeID, i.Note})
	})
}

// AssignCases assigns several cases, each by itself.
func (s *Service) AssignCases(ctx context.Context, in AssignCases) ([]ItemResult, error) {
	return bulk(ctx, s, "casesAssign", in.IdempotencyKey, in.Items, func(ctx context.Context, i AssignItem, key *string) (*Change[*db.ServiceCase], error) {
		return s.AssignCase(ctx, AssignCase{key, i.ID, i.ExpectedRevision, i.AssigneeID, i.Note})
	})
}

// bulk carries out the items of a request, each in a transaction and under a key of its
// own, made of the request's key and the item's place. The request's key is taken
// before the first item, and what was refused is kept in the end: sent again, the
// request is answered as before, or goes on where it was cut off.
func bulk[T any](ctx context.Context, s *Service, name string, key *string, items []T, do func(context.Context, T, *string) (*Change[*db.ServiceCase], error)) ([]ItemResult, error) {
	viewer := ent.ViewerFrom(ctx)
	if err := mayWrite(viewer, ent.Cases); err != nil {
		return nil, err
	}
	var bad check
	if bad.elements(len(items), maxBulk, "items"); bad.err() != nil {
		return nil, bad.err()
	}
	r, err := s.newRequest(viewer, name, key, items)
	if err != nil {
		return nil, err
	}
	if _, err := s.bulkRecord(ctx, r, []byte("{}")); err != nil {
		return nil, err
	}
	outcome := r
	outcome.key = r.keyOf("refused")
	refused, err := s.bulkRecord(ctx, outcome, nil)
	if err != nil {
		return nil, err
	}
	done := make([]ItemResult, len(items))
	for n, item := range items {
		if done[n].Refuse = refused[n]; done[n].Refuse != nil {
			continue
		}
		var own *string
		if key != nil {
			own = new(r.keyOf(strconv.Itoa(n)))
		}
		done[n].Change, err = do(ctx, item, own)
		if err != nil && !errors.As(err, &done[n].Refuse) {
			return nil, fmt.Errorf("item %d of %s: %w", n, name, err)
		}
		for p, problem := range done[n].Refuse {
			done[n].Refuse[p].Path = slices.Concat([]string{"items", strconv.Itoa(n)}, problem.Path)
		}
	}
	return done, s.keepRefused(ctx, outcome, done)
}

// keyOf is the key of a part of a request, "" where the request has none.
func (r request) keyOf(part string) string {
	if r.key == "" {
		return ""
	}
	return fmt.Sprintf("%s/%x/%s", r.operation, sha256.Sum256([]byte(r.key)), part)
}

// keepRefused keeps what was refused, by the places of the items.
func (s *Service) keepRefused(ctx context.Context, r request, done []ItemResult) error {
	refused := map[int]Rejection{}
	for n, item := range done {
		if item.Refuse != nil {
			refused[n] = item.Refuse
		}
	}
	body, err := json.Marshal(refused)
	if err != nil {
		return fmt.Errorf("encoding the answer of %s: %w", r.operation, err)
	}
	_, err = s.bulkRecord(ctx, r, body)
	return err
}

// bulkRecord returns what was kept under the key of a request, or of a part of it, and
// keeps body where nothing was; nil keeps nothing.
func (s *Service) bulkRecord(ctx context.Context, r request, body []byte) (kept map[int]Rejection, err error) {
	if r.key == "" {
		return nil, nil
	}
	record, err := s.earlier(ctx, r)
	if err == nil && record == nil && body != nil {
		err = ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error { return r.store(ctx, tx, body, s.now()) })
		if !db.IsConstraintError(err) {
			return nil, err
		}
		record, err = s.earlier(ctx, r) // the same request came twice at the same time
	}
	if err != nil || record == nil {
		return nil, err
	}
	if err := json.Unmarshal(record.Answer, &kept); err != nil {
		return nil, fmt.Errorf("decoding an earlier answer: %w", err)
	}
	return kept, nil
}
