package quality

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	dbcalendar "github.com/seed-34fcb60d/rounds/ent/db/calendar"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// UpdateCalendar replaces what a calendar consists of.
type UpdateCalendar struct {
	IdempotencyKey   *string
	ID               typeid.CalendarID
	ExpectedRevision int
	Name             string
	TimeZone         string
	Week             []CalendarWeekday
	Days             []CalendarDay
}

// UpdateCalendar replaces what a calendar consists of.
func (s *Service) UpdateCalendar(ctx context.Context, in UpdateCalendar) (*Change[*db.Calendar], error) {
	return run(ctx, s, useCase[*db.Calendar]{
		area: ent.Organisation, name: "calendarUpdate", key: in.IdempotencyKey, in: in, read: s.readCalendar,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Calendar], error) {
			return s.redefine(ctx, tx, in.ID, in.ExpectedRevision, func(*db.Calendar) (string, json.RawMessage, error) {
				var bad check
				bad.line(&in.Name, maxName, "name")
				definition, err := bad.defined(in.TimeZone, in.Week, in.Days)
				return in.Name, definition, err
			})
		},
	})
}

// redefine gives a calendar the name and the definition that change makes of what it
// is now.
func (s *Service) redefine(ctx context.Context, tx *db.Tx, id typeid.CalendarID, expected int,
	change func(*db.Calendar) (name string, definition json.RawMessage, err error)) (effect[*db.Calendar], error) {
	var none effect[*db.Calendar]
	if err := mayKeepCalendars(ent.ViewerFrom(ctx)); err != nil {
		return none, err
	}
	c, err := tx.Calendar.Get(ctx, id)
	if err := seen(c, err)("id"); err != nil {
		return none, err
	}
	if c.Revision != expected {
		return none, conflict()
	}
	name, definition, err := change(c)
	if err != nil {
		return none, err
	}
	var changed []string
	if name != c.Name {
		changed = append(changed, "name")
	}
	before, err := DefinitionOf(c)
	if err != nil {
		return none, err
	}
	// As kept by us: PostgreSQL orders JSON in its own way.
	if kept, err := encoded(before); err != nil {
		return none, err
	} else if !bytes.Equal(kept, definition) {
		changed = append(changed, "definition")
	}
	c, err = tx.Calendar.UpdateOneID(id).Where(dbcalendar.Revision(expected)).AddRevision(1).SetUpdatedAt(s.now()).
		SetName(name).SetDefinition(definition).Save(ctx)
	if db.IsNotFound(err) {
		return none, conflict()
	}
	if err != nil {
		return none, fmt.Errorf("changing a calendar: %w", err)
	}
	if err := s.replanLater(ctx, tx, controlplan.SiteID(c.SiteID)); err != nil {
		return none, err
	}
	return effect[*db.Calendar]{object: c.Unwrap(), ids: []string{c.ID.String()},
		events: []events.Event{calendarEvent(EventCalendarUpdated, c, c.UpdatedAt, append(changed, "revision")...)}}, nil
}
