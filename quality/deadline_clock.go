package quality

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	dbcalendar "github.com/seed-34fcb60d/rounds/ent/db/calendar"
	"github.com/seed-34fcb60d/rounds/ent/db/clocksegment"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// ticking is a deadline that has not ended, with the clock that its row holds.
type ticking struct {
	row   *db.Deadline
	clock rules.Clock
}

// readClock makes the clock that a deadline's row holds, which counts by these hours.
func readClock(row *db.Deadline, hours rules.Hours) (*ticking, error) {
	t := &ticking{row: row, clock: rules.Clock{Spent: row.Spent, Since: row.SegmentAt, Runs: row.Runs, DueAt: row.DueAt, Step: row.Step, Hours: hours}}
	if err := json.Unmarshal(row.Rule, &t.clock.Rule); err != nil {
		return nil, fmt.Errorf("decoding the rule of %s: %w", row.ID, err)
	}
	return t, nil
}

// readClocks makes the clocks that the rows of deadlines hold.
func readClocks(ctx context.Context, client *db.Client, rows []*db.Deadline) ([]*ticking, error) {
	calendars := make([]typeid.CalendarID, len(rows))
	for n, row := range rows {
		calendars[n] = row.CalendarID
	}
	hours, err := readHours(ctx, client, calendars)
	if err != nil {
		return nil, err
	}
	all := make([]*ticking, len(rows))
	for n, row := range rows {
		if all[n], err = readClock(row, hours[row.CalendarID]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// openClocks returns the clocks of a case that have not ended. The case's row is
// locked, so nobody else changes them.
func openClocks(ctx context.Context, tx *db.Tx, id typeid.CaseID) ([]*ticking, error) {
	rows, err := tx.Deadline.Query().Where(deadline.CaseID(id), deadline.EndedAtIsNil()).
		Order(deadline.ByStartedAt(), deadline.ByID()).All(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("reading the deadlines of a case: %w", err)
	}
	return readClocks(ctx, tx.Client(), rows)
}

// startedClock is a deadline to be made.
type startedClock struct {
	of      typeid.CaseID
	policy  casePolicy
	rule    rules.DeadlineRule
	fixed   bool    // the time itself was told to the customer
	promise *string // what the customer was promised
	hours   caseHours
	from    time.Time
}

// startClock makes a deadline whose clock runs from a time on.
func startClock(ctx context.Context, tx *db.Tx, c startedClock) (*ticking, error) {
	if c.rule.Counting == rules.AroundTheClock {
		c.hours = everyMinute
	}
	clock, err := rules.StartClock(c.rule, c.hours.Hours, c.from)
	if err != nil {
		return nil, fmt.Errorf("starting a clock: %w", err)
	}
	rule, err := json.Marshal(c.rule)
	if err != nil {
		return nil, fmt.Errorf("encoding the rule of a deadline: %w", err)
	}
	create := tx.Deadline.Create().SetCaseID(c.of).SetPolicyID(c.policy.id).SetPolicyVersion(c.policy.version).
		SetTarget(deadline.Target(c.rule.Target)).SetRule(rule).SetFixed(c.fixed).SetNillablePromise(c.promise).
		SetCalendarID(c.hours.id).SetCalendarRevision(c.hours.revision).SetHoursRevision(c.hours.assigned).SetStartedAt(c.from).SetSegmentAt(c.from).SetDueAt(clock.DueAt)
	if c.rule.Counting == rules.ByCalendar {
		create.SetSiteID(c.hours.site)
	}
	if _, at, more, err := clock.Next(); err != nil {
		return nil, fmt.Errorf("planning a deadline: %w", err)
	} else if more {
		create.SetNextAlertAt(at)
	}
	row, err := create.Save(ctx)
	if err == nil {
		err = openSegment(ctx, tx, row.ID, c.hours.id, clock)
	}
	if err != nil {
		return nil, fmt.Errorf("starting a clock: %w", err)
	}
	return &ticking{row, clock}, nil
}

// openSegment records the segment in which a clock is now.
func openSegment(ctx context.Context, tx *db.Tx, id typeid.DeadlineID, calendar typeid.CalendarID, c rules.Clock) error {
	create := tx.ClockSegment.Create().SetDeadlineID(id).SetFromAt(c.Since).SetCounted(c.Runs)
	if c.Runs {
		return create.SetReason(clocksegment.ReasonRUNNING).SetCalendarID(calendar).Exec(ctx)
	}
	return create.SetReason(clocksegment.ReasonON_HOLD).Exec(ctx)
}

// closeSegment records that the segment in which a clock was has ended.
func (t *ticking) closeSegment(ctx context.Context, tx *db.Tx, at time.Time) error {
	return tx.ClockSegment.Update().Where(clocksegment.DeadlineID(t.row.ID), clocksegment.ToAtIsNil()).
		SetToAt(at).SetSpent(t.clock.CountedSince(at)).Exec(ctx)
}

// shift lets the clock stand, or run by certain hours, from a time on.
func (t *ticking) shift(ctx context.Context, tx *db.Tx, at time.Time, runs bool, hours caseHours) error {
	if t.clock.Rule.Counting == rules.AroundTheClock {
		hours = everyMinute
	}
	if runs == t.clock.Runs && (!runs || hours.id == t.row.CalendarID) {
		return nil
	}
	err := t.closeSegment(ctx, tx, at)
	if err != nil {
		return fmt.Errorf("ending a segment of a clock: %w", err)
	}
	if runs {
		t.row.CalendarID, t.row.CalendarRevision, t.row.HoursRevision = hours.id, hours.revision, hours.assigned
		t.clock, err = t.clock.Run(at, hours.Hours)
	} else {
		t.clock = t.clock.Pause(at)
	}
	if err == nil {
		err = openSegment(ctx, tx, t.row.ID, t.row.CalendarID, t.clock)
	}
	if err != nil {
		return fmt.Errorf("going on with a clock: %w", err)
	}
	return t.save(ctx, tx)
}

// save writes the clock into its row, with the time at which it asks for something.
func (t *ticking) save(ctx context.Context, tx *db.Tx) error {
	update := tx.Deadline.Update().Where(deadline.ID(t.row.ID)).SetSpent(t.clock.Spent).SetSegmentAt(t.clock.Since).SetRuns(t.clock.Runs).
		SetDueAt(t.clock.DueAt).SetStep(t.clock.Step).SetState(t.state()).
		SetCalendarID(t.row.CalendarID).SetCalendarRevision(t.row.CalendarRevision).SetHoursRevision(t.row.HoursRevision)
	_, at, more, err := t.clock.Next()
	if err != nil {
		return fmt.Errorf("planning a deadline: %w", err)
	}
	if more {
		update.SetNextAlertAt(at)
	} else {
		update.ClearNextAlertAt()
	}
	if err := update.Exec(ctx); err != nil {
		return fmt.Errorf("keeping a clock: %w", err)
	}
	return nil
}

// state is that of a deadline that has not ended.
func (t *ticking) state() deadline.State {
	switch {
	case t.clock.Missed():
		return deadline.StateMISSED
	case t.clock.Runs:
		return deadline.StateRUNNING
	default:
		return deadline.StatePAUSED
	}
}

// end ends the deadline: what was awaited was done at a time, or is no longer asked for.
func (t *ticking) end(ctx context.Context, tx *db.Tx, demand rules.Demand, at time.Time) error {
	state := deadline.StateMET
	switch {
	case demand == rules.NotAsked:
		state = deadline.StateCANCELLED
	case t.clock.Missed(), t.clock.Runs && at.After(t.clock.DueAt):
		state = deadline.StateMISSED
	}
	err := t.closeSegment(ctx, tx, at)
	if err == nil {
		t.clock = t.clock.Pause(at)
		err = tx.Deadline.UpdateOneID(t.row.ID).SetState(state).SetEndedAt(at).SetRuns(false).SetSpent(t.clock.Spent).
			SetSegmentAt(at).ClearNextAlertAt().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("ending a deadline: %w", err)
	}
	return nil
}

// ofTarget returns the clock of a target, nil where none runs.
func ofTarget(all []*ticking, target rules.DeadlineTarget) *ticking {
	at := slices.IndexFunc(all, func(t *ticking) bool { return t.clock.Rule.Target == target })
	if at < 0 {
		return nil
	}
	return all[at]
}

// caseHours are the hours by which a case's clocks count now.
type caseHours struct {
	rules.Hours
	id       typeid.CalendarID // zero where every minute counts
	revision int
	site     typeid.SiteID // whose calendars are gone by
	assigned int           // its HoursRevision
}

var everyMinute = caseHours{Hours: rules.EveryMinute}

// hoursOf returns the hours by which the clocks of a case count now: those of the
// department that has it, and before that of the site.
func (s *Service) hoursOf(ctx context.Context, tx *db.Tx, c *db.ServiceCase) (caseHours, error) {
	at, err := tx.Site.Get(ent.AsSystem(ctx), c.SiteID)
	if err != nil {
		return everyMinute, fmt.Errorf("looking up the site of a clock: %w", err)
	}
	found := caseHours{Hours: rules.EveryMinute, site: at.ID, assigned: at.HoursRevision}
	open, record, err := calendarOf(ctx, tx.Client(), c.SiteID, c.DepartmentID)
	if err == nil && record != nil {
		found.Hours, found.id, found.revision = open, record.ID, record.Revision
	}
	return found, err
}

// readHours returns the hours of calendars, however often each is named, and every
// minute for none.
func readHours(ctx context.Context, client *db.Client, ids []typeid.CalendarID) (map[typeid.CalendarID]rules.Hours, error) {
	hours := map[typeid.CalendarID]rules.Hours{}
	var unread []typeid.CalendarID
	for _, id := range ids {
		if _, known := hours[id]; !known && !id.IsZero() {
			unread = append(unread, id)
		}
		hours[id] = rules.EveryMinute
	}
	if len(unread) == 0 {
		return hours, nil
	}
	records, err := client.Calendar.Query().Where(dbcalendar.IDIn(unread...)).All(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("reading the calendars of clocks: %w", err)
	}
	for _, record := range records {
		if hours[record.ID], err = hoursIn(record); err != nil {
			return nil, err
		}
	}
	return hours, nil
}

// hoursIn returns the hours of a calendar.
func hoursIn(record *db.Calendar) (rules.Hours, error) {
	definition, err := DefinitionOf(record)
	if err != nil {
		return nil, err
	}
	open, err := calendar.New(definition)
	if err != nil {
		return nil, fmt.Errorf("making the calendar %s: %w", record.ID, err)
	}
	return open, nil
}
