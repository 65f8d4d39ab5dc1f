package quality

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/idempotencyrecord"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// Change is what became of a use case that changed something.
type Change[T any] struct {
	Object   T
	Warnings []Warning
	// Cursor of the (last) event that the change made; nil in the rare case that
	// the log had not numbered it in time.
	Cursor *events.Cursor
}

// effect is what a use case did inside its transaction.
type effect[T any] struct {
	object   T
	ids      []string       // of the object, for reading it again
	events   []events.Event // to be appended
	warnings []Warning
}

// useCase is the part that differs between one change and another.
type useCase[T any] struct {
	area ent.Area // that the viewer's token must be good for
	name string   // such as "caseOpen"
	key  *string  // the caller's idempotency key
	in   any      // what the caller asked for: the same key with another input is refused

	// prepare does what must precede the transaction, such as asking a plugin. It
	// may be nil.
	prepare func(ctx context.Context) error
	// apply changes the rows. The viewer of ctx is who asked. It may be called a
	// second time, when the first transaction was rolled back.
	apply func(ctx context.Context, tx *db.Tx) (effect[T], error)
	// read finds the object of an earlier answer by its ids.
	read func(ctx context.Context, ids []string) (T, error)
}

// reply is what an idempotency record keeps of a change.
type reply struct {
	IDs      []string       `json:"ids"`
	Pending  events.Pending `json:"event"`
	Warnings []Warning      `json:"warnings,omitempty"`
}

// run carries out a use case once: in one transaction, with its events and with
// the record of its idempotency key.
func run[T any](ctx context.Context, s *Service, u useCase[T]) (*Change[T], error) {
	viewer := ent.ViewerFrom(ctx)
	if err := mayWrite(viewer, u.area); err != nil {
		return nil, err
	}
	request, err := s.newRequest(viewer, u.name, u.key, u.in)
	if err != nil {
		return nil, err
	}
	if change, err := replay(ctx, s, u, request); change != nil || err != nil {
		return change, err
	}
	if u.prepare != nil {
		err = u.prepare(ctx)
	}
	var change *Change[T]
	if err == nil {
		change, err = carryOut(ctx, s, u, request)
	}
	if err == nil {
		return change, nil
	}
	// Perhaps the same request came twice at the same time and the other was first.
	if change, err := replay(ctx, s, u, request); change != nil || err != nil {
		return change, err
	}
	if db.IsConstraintError(err) {
		// Somebody made the same record at the same time. Now the checks see it.
		return carryOut(ctx, s, u, request)
	}
	return nil, err
}

// mayWrite refuses whose token is not good for changes in an area.
func mayWrite(v ent.Viewer, a ent.Area) error {
	if v.MayWrite(a) {
		return nil
	}
	return forbidden(text("Your token is not good for this.", "您的令牌无权执行此操作。"))
}

// carryOut is the transaction of run.
func carryOut[T any](ctx context.Context, s *Service, u useCase[T], r request) (*Change[T], error) {
	var e effect[T]
	var kept reply
	err := ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) (err error) {
		if e, err = u.apply(ctx, tx); err != nil {
			return err
		}
		kept = reply{IDs: e.ids, Warnings: e.warnings}
		if kept.Pending, err = s.tell(ctx, tx, e.events...); err != nil {
			return err
		}
		return r.keep(ctx, tx, kept, s.now())
	})
	if err != nil {
		return nil, err
	}
	return &Change[T]{Object: e.object, Warnings: e.warnings, Cursor: s.cursor(ctx, kept.Pending)}, nil
}

// cursorWait bounds how long an answer waits for its cursor. The change itself is
// permanent by then.
const cursorWait = 5 * time.Second

func (s *Service) cursor(ctx context.Context, p events.Pending) *events.Cursor {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cursorWait)
	defer cancel()
	c, err := s.events.Sequenced(ctx, p)
	if err != nil {
		s.log.Error().Err(err).Msg("event not numbered in time")
		return nil
	}
	return &c
}

// request identifies a change by who asked for it and with which key.
type request struct {
	caller, key, operation string
	input                  string // as JSON
	digest                 []byte // of the input; keyed, for a plain one would let telephone numbers be guessed
}

// requestField sets the digests of inputs apart from those of contact data.
const requestField contact.Field = "request"

// maxKey bounds the length of an idempotency key.
const maxKey = 255

func (s *Service) newRequest(v ent.Viewer, operation string, key *string, in any) (request, error) {
	r := request{caller: v.Actor(), operation: operation}
	if key == nil {
		return r, nil
	}
	r.key = *key
	var c check
	if c.text(&r.key, maxKey, "idempotencyKey"); c.err() != nil {
		return r, c.err()
	}
	body, err := json.Marshal(in)
	if err != nil {
		return r, fmt.Errorf("encoding the input of %s: %w", operation, err)
	}
	r.input = string(body)
	r.digest, err = s.contacts.Sign(requestField, r.input)
	return r, err
}

// earlier returns what was kept of the request when it came before; nil if it did not.
// A key that was used for another operation, or with another input, is refused, by
// whichever key the digest of that one was made.
func (s *Service) earlier(ctx context.Context, r request) (*db.IdempotencyRecord, error) {
	record, err := s.db.IdempotencyRecord.Query().
		Where(idempotencyrecord.Caller(r.caller), idempotencyrecord.Key(r.key)).Only(ent.AsSystem(ctx))
	if db.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking up the idempotency key: %w", err)
	}
	same := record.Operation == r.operation
	if same {
		same, err = s.contacts.Signed(requestField, r.input, record.Input)
	}
	if err != nil || !same {
		return nil, cmp.Or(err, keyReused())
	}
	return record, nil
}

// store keeps an answer, which is JSON.
func (r request) store(ctx context.Context, tx *db.Tx, answer []byte, now time.Time) error {
	return tx.IdempotencyRecord.Create().SetCaller(r.caller).SetKey(r.key).SetOperation(r.operation).
		SetInput(r.digest).SetAnswer(answer).SetCreatedAt(now).Exec(ctx)
}

// keep records the answer.
func (r request) keep(ctx context.Context, tx *db.Tx, a reply, now time.Time) error {
	if r.key == "" {
		return nil
	}
	body, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("encoding the answer of %s: %w", r.operation, err)
	}
	return r.store(ctx, tx, body, now)
}

// replay answers a request that was carried out before; nil if it was not.
func replay[T any](ctx context.Context, s *Service, u useCase[T], r request) (*Change[T], error) {
	if r.key == "" {
		return nil, nil
	}
	record, err := s.earlier(ctx, r)
	if err != nil || record == nil {
		return nil, err
	}
	var a reply
	if err := json.Unmarshal(record.Answer, &a); err != nil {
		return nil, fmt.Errorf("decoding an earlier answer: %w", err)
	}
	object, err := u.read(ctx, a.IDs)
	if db.IsNotFound(err) {
		return nil, notFound()
	}
	if err != nil {
		return nil, fmt.Errorf("reading the object of an earlier answer: %w", err)
	}
	return &Change[T]{Object: object, Warnings: a.Warnings, Cursor: s.cursor(ctx, a.Pending)}, nil
}

func keyReused() error {
	return reject(IdempotencyKeyReused, text("This key was used before, for something else. Use a new key for each change.",
		"该幂等键已用于其他操作，请为每次变更使用新的键。"), "idempotencyKey")
}
