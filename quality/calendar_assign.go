package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// AssignCalendar says by which calendar a site, or a department of it, works.
type AssignCalendar struct {
	IdempotencyKey *string
	SiteID         *typeid.SiteID       // default: the viewer's own
	DepartmentID   *typeid.DepartmentID // nil for the site itself
	CalendarID     *typeid.CalendarID   // nil takes the assignment away
}

// AssignCalendar says by which calendar a site, or a department of it, works, with all
// that is below and has none of its own.
func (s *Service) AssignCalendar(ctx context.Context, in AssignCalendar) (*Change[*db.Calendar], error) {
	return run(ctx, s, useCase[*db.Calendar]{
		area: ent.Organisation, name: "calendarAssign", key: in.IdempotencyKey, in: in, read: s.readCalendar,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Calendar], error) {
			var e effect[*db.Calendar]
			if err := mayKeepCalendars(ent.ViewerFrom(ctx)); err != nil {
				return e, err
			}
			at, err := siteOf(ctx, tx.Site, in.SiteID)
			if err != nil {
				return e, err
			}
			if in.CalendarID != nil {
				c, err := tx.Calendar.Get(ctx, *in.CalendarID)
				if err := seen(c, err)("calendarId"); err != nil {
					return e, err
				}
				if c.SiteID != at.ID {
					return e, reject(Invalid, text("This calendar belongs to another site.", "该日历属于其他营业点。"), "calendarId")
				}
				e.object, e.ids = c.Unwrap(), []string{c.ID.String()}
			}
			told := events.Event{Kind: EventCalendarAssigned, Subject: at.ID.String(), Changed: []string{"calendar"}, At: s.now(), Site: at.ID}
			if in.DepartmentID != nil {
				told.Subject, told.Department = in.DepartmentID.String(), *in.DepartmentID
			}
			e.events = []events.Event{told}
			return e, s.assign(ctx, tx, at, in)
		},
	})
}

// assign sets the column.
func (s *Service) assign(ctx context.Context, tx *db.Tx, at *db.Site, in AssignCalendar) (err error) {
	var id typeid.CalendarID // zero: none
	if in.CalendarID != nil {
		id = *in.CalendarID
	}
	place := tx.Site.UpdateOneID(at.ID).AddHoursRevision(1) // by which deadlines know that they are to be planned anew
	if in.DepartmentID == nil {
		place.SetCalendarID(id)
	} else if err = s.checkDepartment(ctx, tx, *in.DepartmentID, at.ID); err != nil {
		return err
	} else {
		err = tx.Department.UpdateOneID(*in.DepartmentID).SetCalendarID(id).Exec(ctx)
	}
	if err == nil {
		err = place.Exec(ctx)
	}
	if err == nil {
		err = s.replanLater(ctx, tx, controlplan.SiteID(at.ID))
	}
	if err != nil {
		return fmt.Errorf("assigning a calendar: %w", err)
	}
	return nil
}
