package graph

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	dbcalendar "github.com/seed-34fcb60d/rounds/ent/db/calendar"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

type calendarResolver struct{ *Resolver }

// Calendar resolves the fields of Calendar.
func (r *Resolver) Calendar() generated.CalendarResolver { return &calendarResolver{r} }

// Bounds of what a calendar is asked for.
const (
	maxOpen         = 100 * 24 * time.Hour
	maxCalendarDays = 400
	maxMinutes      = 10 * 365 * 24 * 60
)

func calendarFilter(ctx context.Context, f *model.CalendarFilter) (c conditions[predicate.Calendar]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, dbcalendar.SiteID, toSite)
	where(&c, f.Code, dbcalendar.Code)
	return c
}

func (r *queryResolver) Calendars(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.CalendarFilter, order *model.CalendarOrder) (*relay.CalendarConnection, error) {
	return list(ctx, ent.Organisation, r.calendarRows(), calendarFilter(ctx, filter), relay.Args{First: first, After: after, Last: last, Before: before}, relay.Sort[db.Calendar]{
		Name: "calendar.name", Column: dbcalendar.FieldName, Desc: order != nil && order.Direction == model.OrderDirectionDesc,
		Key: func(c *db.Calendar) (any, fmt.Stringer) { return c.Name, c.ID },
		ID:  parsed[typeid.CalendarID],
	})
}

func (r *mutationResolver) CalendarCreate(ctx context.Context, input quality.CreateCalendar) (*model.CalendarPayload, error) {
	return change(ctx, r.Quality.CreateCalendar, input)
}

func (r *mutationResolver) CalendarUpdate(ctx context.Context, input quality.UpdateCalendar) (*model.CalendarPayload, error) {
	return change(ctx, r.Quality.UpdateCalendar, input)
}

func (r *mutationResolver) CalendarImportDays(ctx context.Context, input quality.ImportCalendarDays) (*model.CalendarPayload, error) {
	return change(ctx, r.Quality.ImportCalendarDays, input)
}

func (r *mutationResolver) CalendarAssign(ctx context.Context, input quality.AssignCalendar) (*model.CalendarPayload, error) {
	return change(ctx, r.Quality.AssignCalendar, input)
}

func (r *siteResolver) Calendar(ctx context.Context, obj *db.Site) (*db.Calendar, error) {
	return one(ctx, obj, func(s *db.Site) typeid.CalendarID { return s.CalendarID }, r.calendars())
}

func (r *departmentResolver) Calendar(ctx context.Context, obj *db.Department) (*db.Calendar, error) {
	assigned, err := r.assignedCalendars(ctx, obj)
	if err != nil {
		return nil, err
	}
	return one(ctx, obj, func(d *db.Department) typeid.CalendarID { return assigned[d.ID].Calendar }, r.calendars())
}

func (r *departmentResolver) CalendarFrom(ctx context.Context, obj *db.Department) (relay.Node, error) {
	assigned, err := r.assignedCalendars(ctx, obj)
	if err != nil {
		return nil, err
	}
	above, err := oneOf(ctx, "calendar's department", obj, func(d *db.Department) typeid.DepartmentID { return assigned[d.ID].Department }, r.departments())
	if above != nil || err != nil {
		return above, err
	}
	site, err := oneOf(ctx, "calendar's site", obj, func(d *db.Department) typeid.SiteID { return assigned[d.ID].Site }, r.sites())
	if site == nil {
		return nil, err
	}
	return site, err
}

// assignedCalendars are by which calendars the departments work that were read together.
func (r *Resolver) assignedCalendars(ctx context.Context, obj *db.Department) (map[typeid.DepartmentID]quality.AssignedCalendar, error) {
	set := obj.Siblings()
	found, err := set.Once("assigned calendars", func() (any, error) {
		var ids []typeid.DepartmentID
		for _, d := range siblings.Rows[db.Department](set) {
			ids = append(ids, d.ID)
		}
		return quality.AssignedCalendars(ctx, r.Database.Client, ids)
	})
	if err != nil {
		return nil, err
	}
	return found.(map[typeid.DepartmentID]quality.AssignedCalendar), nil
}

func (r *calendarResolver) Site(ctx context.Context, obj *db.Calendar) (*db.Site, error) {
	return one(ctx, obj, func(c *db.Calendar) typeid.SiteID { return c.SiteID }, r.sites())
}

func (r *calendarResolver) TimeZone(ctx context.Context, obj *db.Calendar) (string, error) {
	d, err := r.calendarDefinition(ctx, obj)
	return d.TimeZone, err
}

func (r *calendarResolver) Week(ctx context.Context, obj *db.Calendar) ([]*quality.CalendarWeekday, error) {
	d, err := r.calendarDefinition(ctx, obj)
	return quality.WeekOf(d), err
}

func (r *calendarResolver) Days(ctx context.Context, obj *db.Calendar, from, to string) ([]*quality.CalendarDay, error) {
	first, err := calendar.ParseDate(from)
	if err != nil {
		return nil, &relay.ArgumentError{Argument: "from", Reason: "must be a day"}
	}
	last, err := calendar.ParseDate(to)
	if err != nil || last < first || last >= first+maxCalendarDays {
		return nil, &relay.ArgumentError{Argument: "to", Reason: fmt.Sprintf("must be one of the %d days from `from` on", maxCalendarDays)}
	}
	d, err := r.calendarDefinition(ctx, obj)
	return quality.DaysOf(d, first, last), err
}

func (r *calendarResolver) Open(ctx context.Context, obj *db.Calendar, from, to time.Time) ([]*model.CalendarSpan, error) {
	if to.Before(from) || to.Sub(from) > maxOpen {
		return nil, &relay.ArgumentError{Argument: "to", Reason: "must be at most 100 days after `from`"}
	}
	c, err := r.madeCalendar(ctx, obj)
	if err != nil {
		return nil, err
	}
	spans := []*model.CalendarSpan{}
	for from, to := range c.Spans(from, to) {
		spans = append(spans, &model.CalendarSpan{From: from, To: to})
	}
	return spans, nil
}

func (r *calendarResolver) DueAt(ctx context.Context, obj *db.Calendar, start time.Time, minutes int) (*time.Time, error) {
	if minutes < 0 || minutes > maxMinutes {
		return nil, &relay.ArgumentError{Argument: "minutes", Reason: fmt.Sprintf("must be from 0 to %d", maxMinutes)}
	}
	c, err := r.madeCalendar(ctx, obj)
	if err != nil {
		return nil, err
	}
	due, err := c.Due(start, time.Duration(minutes)*time.Minute)
	if errors.Is(err, calendar.ErrNeverOpens) {
		return nil, nil
	}
	return &due, err
}

// madeCalendar is a calendar ready to count with.
func (r *Resolver) madeCalendar(ctx context.Context, of *db.Calendar) (*calendar.Calendar, error) {
	d, err := r.calendarDefinition(ctx, of)
	if err != nil {
		return nil, err
	}
	return calendar.New(d)
}
