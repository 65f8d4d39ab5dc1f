package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/deadlinepolicyversion"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// PreviewDeadlines asks what would become of a case that began at a time.
type PreviewDeadlines struct {
	PolicyID   *typeid.DeadlinePolicyID // this or Targets
	Targets    []rules.DeadlineRule
	CalendarID *typeid.CalendarID // nil where every minute counts
	Start      *time.Time         // nil for now
}

// DeadlinePreview is what would become of one target.
type DeadlinePreview struct {
	Target rules.DeadlineTarget
	DueAt  time.Time
	Alerts []*AlertPreview
}

// AlertPreview is an alert that would be given if nothing was done.
type AlertPreview struct {
	Kind  rules.AlertKind
	Level int
	At    time.Time
}

// PreviewDeadlines says what would become of the targets of a policy, or of those that
// it is given, nil for a policy or calendar that is not the viewer's to see. A promise is left out:
// it says itself when it is due.
func (s *Service) PreviewDeadlines(ctx context.Context, in PreviewDeadlines) ([]*DeadlinePreview, error) {
	targets := in.Targets
	switch {
	case (in.PolicyID == nil) == (in.Targets == nil):
		return nil, reject(Required, text("Say a policy or targets, one of the two.", "请指定时限策略或目标，二者选一。"), "policyId")
	case in.PolicyID == nil:
		var bad check
		bad.deadlineRules(targets)
		if bad.err() != nil {
			return nil, bad.err()
		}
	default:
		version, err := s.db.DeadlinePolicyVersion.Query().
			Where(deadlinepolicyversion.PolicyID(*in.PolicyID), deadlinepolicyversion.Current(true)).Only(ctx)
		if err != nil {
			return nil, db.MaskNotFound(err)
		}
		p, err := DeadlinePolicyOf(version)
		if err != nil {
			return nil, err
		}
		targets = p.Targets
	}
	hours := rules.EveryMinute
	if in.CalendarID != nil {
		record, err := s.db.Calendar.Get(ctx, *in.CalendarID)
		if err != nil {
			return nil, db.MaskNotFound(err)
		}
		if hours, err = hoursIn(record); err != nil {
			return nil, err
		}
	}
	start := s.now()
	if in.Start != nil {
		start = *in.Start
	}
	previews := []*DeadlinePreview{}
	for _, r := range targets {
		if r.Target.BringsItsTime() {
			continue
		}
		by := hours
		if r.Counting == rules.AroundTheClock {
			by = rules.EveryMinute
		}
		p, err := preview(r, by, start)
		if err != nil {
			return nil, fmt.Errorf("previewing a deadline: %w", err)
		}
		previews = append(previews, p)
	}
	return previews, nil
}

// preview runs through the whole plan of a rule.
func preview(r rules.DeadlineRule, hours rules.Hours, start time.Time) (*DeadlinePreview, error) {
	clock, err := rules.StartClock(r, hours, start)
	if err != nil {
		return nil, err
	}
	p := &DeadlinePreview{Target: r.Target, DueAt: clock.DueAt}
	for {
		step, at, more, err := clock.Next()
		if err != nil || !more {
			return p, err
		}
		p.Alerts = append(p.Alerts, &AlertPreview{Kind: step.Kind, Level: step.Level, At: at})
		clock.Step++
	}
}
