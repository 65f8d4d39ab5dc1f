package quality

import (
	"context"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// Now is the time by the service's clock.
func (s *Service) Now() time.Time { return s.now() }

// Hours returns by which hours calendars are open, and every minute for none.
func (s *Service) Hours(ctx context.Context, ids []typeid.CalendarID) (map[typeid.CalendarID]rules.Hours, error) {
	return readHours(ctx, s.db.Client, ids)
}

// Remaining returns how much time a deadline has left that counts by the hours of its
// calendar, or had left when it ended; negative is how much has passed since.
func (s *Service) Remaining(d *db.Deadline, hours rules.Hours) (time.Duration, error) {
	t, err := readClock(d, hours)
	if err != nil {
		return 0, err
	}
	return t.clock.Remaining(s.now()), nil
}

// CountedTime returns how much time that counts by the hours of its calendar lies in a
// segment, until now for the present one.
func (s *Service) CountedTime(segment *db.ClockSegment, hours rules.Hours) time.Duration {
	if segment.ToAt != nil || !segment.Counted {
		return segment.Spent
	}
	return max(0, hours.Counted(segment.FromAt, s.now()))
}
