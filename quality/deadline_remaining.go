package quality

import (
	"context"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db"
)

// Now is the time by the service's clock.
func (s *Service) Now() time.Time { return s.now() }

// Remaining returns how much counted time a deadline has left, or had left when it
// ended; negative is how much has passed since.
func (s *Service) Remaining(ctx context.Context, d *db.Deadline) (time.Duration, error) {
	t, err := s.readClock(ctx, s.db.Client, d)
	if err != nil {
		return 0, err
	}
	return t.clock.Remaining(s.now()), nil
}

// CountedTime returns how much counted time lies in a segment, until now for the
// present one.
func (s *Service) CountedTime(ctx context.Context, segment *db.ClockSegment) (time.Duration, error) {
	if segment.ToAt != nil || !segment.Counted {
		return segment.Spent, nil
	}
	hours, err := s.hours(ctx, s.db.Client, segment.CalendarID)
	if err != nil {
		return 0, err
	}
	return max(0, hours.Counted(segment.FromAt, s.now())), nil
}
