package quality

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	dbcalendar "github.com/seed-34fcb60d/rounds/ent/db/calendar"
	"github.com/seed-34fcb60d/rounds/ent/db/department"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// keeping are the roles that say when a site works, as far as they see it.
var keeping = []staff.Role{staff.RoleSITE_MANAGER, staff.RoleQUALITY_OFFICER, staff.RoleADMINISTRATOR, ent.Integrator}

// mayKeepCalendars allows calendars to be made, changed and assigned.
func mayKeepCalendars(v ent.Viewer) error {
	if slices.Contains(keeping, v.Role) {
		return nil
	}
	return forbidden(text("Only the site's manager, a quality officer or an administrator may do this.", "只有营业点负责人、质量管理员或系统管理员可以执行此操作。"))
}

func (s *Service) readCalendar(ctx context.Context, ids []string) (*db.Calendar, error) {
	if len(ids) == 0 {
		return nil, nil // an assignment that was taken away
	}
	id, _ := typeid.Parse[typeid.CalendarID](ids[0])
	return s.db.Calendar.Get(ctx, id)
}

func calendarEvent(kind string, c *db.Calendar, at time.Time, changed ...string) events.Event {
	return events.Event{Kind: kind, Subject: c.ID.String(), Changed: changed, At: at, Site: c.SiteID}
}

// DefinitionOf decodes what a calendar consists of.
func DefinitionOf(c *db.Calendar) (d calendar.Definition, err error) {
	if err = json.Unmarshal(c.Definition, &d); err != nil {
		err = fmt.Errorf("decoding the calendar %s: %w", c.ID, err)
	}
	return d, err
}

// calendarOf returns the calendar by which a department works, and the record of it:
// its own, or that of the department above and so on, or that of the site. Where there
// is none every minute counts, and the record is nil. The zero department stands for
// the site itself. It asks as the server: what counts does not depend on who asks.
func calendarOf(ctx context.Context, client *db.Client, at typeid.SiteID, of typeid.DepartmentID) (*calendar.Calendar, *db.Calendar, error) {
	ctx = ent.AsSystem(ctx)
	place, err := client.Site.Query().Where(site.ID(at)).WithCalendar().Only(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("looking up the site of a calendar: %w", err)
	}
	record := place.Edges.Calendar
	if !of.IsZero() {
		assigned, err := AssignedCalendars(ctx, client, []typeid.DepartmentID{of})
		if err != nil {
			return nil, nil, err
		}
		if id := assigned[of].Calendar; !id.IsZero() && id != place.CalendarID {
			if record, err = client.Calendar.Query().Where(dbcalendar.ID(id)).Only(ctx); err != nil {
				return nil, nil, fmt.Errorf("reading a calendar: %w", err)
			}
		}
	}
	definition := calendar.AlwaysOpen(place.TimeZone)
	if record != nil {
		if definition, err = DefinitionOf(record); err != nil {
			return nil, nil, err
		}
	}
	c, err := calendar.New(definition)
	if err != nil {
		return nil, nil, fmt.Errorf("making the calendar of the site %s: %w", at, err)
	}
	return c, record, nil
}

// AssignedCalendar is by which calendar a department works, and where that is said: at
// a department or, if that is zero, at the site. All are zero where nothing is said.
type AssignedCalendar struct {
	Calendar   typeid.CalendarID
	Department typeid.DepartmentID
	Site       typeid.SiteID
}

// AssignedCalendars finds by which calendars departments work.
func AssignedCalendars(ctx context.Context, client *db.Client, ids []typeid.DepartmentID) (map[typeid.DepartmentID]AssignedCalendar, error) {
	ctx = ent.AsSystem(ctx)
	departments, err := client.Department.Query().Where(department.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading departments: %w", err)
	}
	var paths []string
	var siteIDs []typeid.SiteID
	for _, d := range departments {
		paths = append(paths, upwards(d.Path)...)
		siteIDs = append(siteIDs, d.SiteID)
	}
	slices.Sort(paths)
	having, err := client.Department.Query().Where(department.PathIn(slices.Compact(paths)...), department.CalendarIDNotNil()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the calendars of departments: %w", err)
	}
	said := map[string]AssignedCalendar{} // by the path at which it is said
	for _, d := range having {
		said[d.Path] = AssignedCalendar{Calendar: d.CalendarID, Department: d.ID}
	}
	sites, err := client.Site.Query().Where(site.IDIn(siteIDs...), site.CalendarIDNotNil()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the calendars of sites: %w", err)
	}
	of := map[typeid.DepartmentID]AssignedCalendar{}
	for _, d := range departments {
		for _, s := range sites {
			if s.ID == d.SiteID {
				of[d.ID] = AssignedCalendar{Calendar: s.CalendarID, Site: s.ID}
			}
		}
		for _, path := range upwards(d.Path) {
			if a, is := said[path]; is {
				of[d.ID] = a
				break
			}
		}
	}
	return of, nil
}

// upwards lists the paths of a department and of those above it, from the bottom up.
func upwards(path string) (paths []string) {
	for strings.Count(path, "/") > 1 { // the first part is the site's
		paths = append(paths, path)
		path = path[:strings.LastIndexByte(path[:len(path)-1], '/')+1]
	}
	return paths
}
