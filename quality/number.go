package quality

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/counter"
)

// numbers hands out the numbers of cases. It takes them from the database by the
// block, so that cases opened at the same time don't wait for one counter's row;
// what is left of a block when the server stops is never used.
type numbers struct {
	mu     sync.Mutex
	blocks map[int]block // by year
}

// block is the numbers from next up to, not including, end.
type block struct{ next, end int64 }

const blockSize = 20

// caseNumber returns a number that no other case has, such as "2026-000123". The
// year is that in which the case was opened, on the site's calendar.
func (s *Service) caseNumber(ctx context.Context, at *db.Site, opened time.Time) (string, error) {
	year, err := localYear(at, opened)
	if err != nil {
		return "", err
	}
	s.numbers.mu.Lock()
	defer s.numbers.mu.Unlock()
	b := s.numbers.blocks[year]
	if b.next == b.end {
		if b, err = s.takeBlock(ctx, caseCounter(year)); err != nil {
			return "", fmt.Errorf("taking case numbers: %w", err)
		}
	}
	n := b.next
	b.next++
	if s.numbers.blocks == nil {
		s.numbers.blocks = map[int]block{}
	}
	s.numbers.blocks[year] = b
	return numberOf(year, n), nil
}

// numberOf writes the n-th number of a year.
func numberOf(year int, n int64) string { return fmt.Sprintf("%04d-%06d", year, n) }

// caseCounter is the id of the counter that a year's numbers are taken from.
func caseCounter(year int) string { return fmt.Sprintf("case-%d", year) }

// localYear is the year of a moment on a site's calendar.
func localYear(at *db.Site, moment time.Time) (int, error) {
	zone, err := time.LoadLocation(at.TimeZone)
	if err != nil {
		return 0, fmt.Errorf("reading a site's time zone: %w", err)
	}
	return moment.In(zone).Year(), nil
}

func (s *Service) takeBlock(ctx context.Context, id string) (block, error) {
	ctx = ent.AsSystem(ctx)
	take := func() (b block, err error) {
		err = ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
			first, err := count(ctx, tx, id, blockSize)
			b = block{first, first + blockSize}
			return err
		})
		return b, err
	}
	b, err := take()
	if db.IsConstraintError(err) { // another server made the counter at the same time
		b, err = take()
	}
	return b, err
}

// count takes the next n values of a counter and returns the first. The counter's
// row stays locked until the transaction ends.
func count(ctx context.Context, tx *db.Tx, id string, n int64) (int64, error) {
	ctx = ent.AsSystem(ctx)
	updated, err := tx.Counter.Update().Where(counter.ID(id)).AddValue(n).Save(ctx)
	if err != nil {
		return 0, err
	}
	if updated == 0 {
		return 1, tx.Counter.Create().SetID(id).SetValue(n).Exec(ctx)
	}
	c, err := tx.Counter.Get(ctx, id)
	if err != nil {
		return 0, err
	}
	return c.Value - n + 1, nil
}
