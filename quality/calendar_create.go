package quality

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	dbcalendar "github.com/seed-34fcb60d/rounds/ent/db/calendar"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// CreateCalendar makes a calendar of a site.
type CreateCalendar struct {
	IdempotencyKey *string
	SiteID         *typeid.SiteID // default: the viewer's own
	Code           string
	Name           string
	TimeZone       *string // default: the site's
	Week           []CalendarWeekday
	Days           []CalendarDay
}

// CreateCalendar makes a calendar of a site. Nothing works by it until it is assigned.
func (s *Service) CreateCalendar(ctx context.Context, in CreateCalendar) (*Change[*db.Calendar], error) {
	return run(ctx, s, useCase[*db.Calendar]{
		area: ent.Organisation, name: "calendarCreate", key: in.IdempotencyKey, in: in, read: s.readCalendar,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Calendar], error) {
			var none effect[*db.Calendar]
			if err := mayKeepCalendars(ent.ViewerFrom(ctx)); err != nil {
				return none, err
			}
			at, err := siteOf(ctx, tx.Site, in.SiteID)
			if err != nil {
				return none, err
			}
			var bad check
			bad.line(&in.Code, 40, "code")
			bad.line(&in.Name, maxName, "name")
			zone := at.TimeZone
			if in.TimeZone != nil {
				zone = *in.TimeZone
			}
			definition, err := bad.defined(zone, in.Week, in.Days)
			if err != nil {
				return none, err
			}
			taken, err := tx.Calendar.Query().Where(dbcalendar.SiteID(at.ID), dbcalendar.Code(in.Code)).Exist(ent.AsSystem(ctx))
			if err != nil {
				return none, fmt.Errorf("looking for a calendar of the same code: %w", err)
			}
			if taken {
				return none, reject(Duplicate, text("The site has a calendar with this code.", "该营业点已有此代码的日历。"), "code")
			}
			now := s.now()
			c, err := tx.Calendar.Create().SetSiteID(at.ID).SetCode(in.Code).SetName(in.Name).SetDefinition(definition).
				SetCreatedAt(now).SetUpdatedAt(now).Save(ctx)
			if err != nil {
				return none, fmt.Errorf("storing a calendar: %w", err)
			}
			return effect[*db.Calendar]{object: c.Unwrap(), ids: []string{c.ID.String()},
				events: []events.Event{calendarEvent(EventCalendarCreated, c, now)}}, nil
		},
	})
}

// defined is define and what it makes, encoded; or all that was found wrong so far.
func (c *check) defined(zone string, week []CalendarWeekday, days []CalendarDay) (json.RawMessage, error) {
	d := c.define(zone, week, days)
	if err := c.err(); err != nil {
		return nil, err
	}
	return encoded(d)
}

func encoded(d calendar.Definition) (json.RawMessage, error) {
	body, err := json.Marshal(d)
	if err != nil {
		err = fmt.Errorf("encoding a calendar: %w", err)
	}
	return body, err
}
