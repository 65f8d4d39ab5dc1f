package quality

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/department"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/events"
)

// importWriter writes the rows of one import inside its transaction.
type importWriter struct {
	*Service
	tx     *db.Tx
	out    *CasesImported
	now    time.Time
	events []events.Event
}

// write writes the cases at the indexes, with what has to be there before them.
func (w *importWriter) write(ctx context.Context, in ImportCases, good []int) error {
	at, err := w.site(ctx, in.Site)
	if err != nil {
		return err
	}
	departments, err := w.departments(ctx, at, in.Cases, good)
	if err != nil {
		return err
	}
	customers, welcome, err := w.customers(ctx, at, in.Cases, good)
	if err != nil {
		return err
	}
	// Most indexes are in the order of time: in it, rows that follow each other touch
	// the same pages.
	slices.SortStableFunc(welcome, func(a, b int) int { return in.Cases[a].OpenedAt.Compare(in.Cases[b].OpenedAt) })
	numbers, err := w.numbers(ctx, at, in.Cases, welcome)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(welcome, importRows) {
		rows := make([]*db.ServiceCaseCreate, len(some))
		for n, i := range some {
			rows[n] = w.caseRow(&in.Cases[i], at, departments).SetNumber(numbers[i]).SetCustomerID(customers[i])
		}
		cases, err := w.tx.ServiceCase.CreateBulk(rows...).Save(ctx)
		if err != nil {
			return fmt.Errorf("importing %d cases: %w", len(rows), err)
		}
		for n, c := range cases {
			w.out.Cases[some[n]].ID = c.ID
			w.events = append(w.events, caseEvent(EventCaseImported, c, w.now))
		}
		if err := w.timelines(ctx, in.Cases, some); err != nil {
			return err
		}
	}
	if len(w.events) == 0 {
		return nil
	}
	_, err = w.tell(ctx, w.tx, w.events...)
	return err
}

// importRows is how many cases one statement inserts: with their some thirty columns
// each they stay below the 32,766 parameters that SQLite allows.
const importRows = 500

// site finds the site or makes it.
func (w *importWriter) site(ctx context.Context, in ImportSite) (*db.Site, error) {
	at, err := w.tx.Site.Query().Where(site.Code(in.Code)).Only(ctx)
	if !db.IsNotFound(err) || in.Create == nil {
		return at, seen(at, err)("site", "code")
	}
	var bad check
	bad.code(&in.Code, "site", "code")
	bad.text(&in.Create.Name, maxName, "site", "name")
	if len(in.Create.Country) != 2 {
		bad.add(Invalid, "A country is two letters, such as CN.", "国家代码为两个字母，例如 CN。", "site", "country")
	}
	if _, err := time.LoadLocation(in.Create.TimeZone); err != nil || in.Create.TimeZone == "" {
		bad.add(Invalid, "There is no such time zone.", "没有此时区。", "site", "timeZone")
	}
	if bad.err() != nil {
		return nil, bad.err()
	}
	at, err = w.tx.Site.Create().SetCode(in.Code).SetName(in.Create.Name).SetKind(in.Create.Kind).
		SetCountry(in.Create.Country).SetTimeZone(in.Create.TimeZone).SetCreatedAt(w.now).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("making a site: %w", err)
	}
	w.out.Sites++
	w.events = append(w.events, events.Event{Kind: EventSiteCreated, Subject: at.ID.String(), At: w.now, Site: at.ID})
	return at, nil
}

// departments finds or makes the departments of the cases, by their codes.
func (w *importWriter) departments(ctx context.Context, at *db.Site, cases []ImportCase, good []int) (map[string]*db.Department, error) {
	wanted := map[string]*ImportDepartment{}
	for _, i := range good {
		if d := cases[i].Department; d != nil && wanted[d.Code] == nil {
			wanted[d.Code] = d
		}
	}
	codes := slices.Sorted(maps.Keys(wanted)) // two imports make them in the same order
	known, err := w.tx.Department.Query().Where(department.SiteID(at.ID), department.CodeIn(codes...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking up departments: %w", err)
	}
	found := map[string]*db.Department{}
	for _, d := range known {
		found[d.Code] = d
	}
	for _, code := range codes {
		if found[code] != nil {
			continue
		}
		d, err := w.tx.Department.Create().SetSiteID(at.ID).SetCode(code).SetName(wanted[code].Name).
			SetPath(at.Code + "/" + code + "/").SetCreatedAt(w.now).Save(ctx)
		if err != nil {
			return nil, fmt.Errorf("making a department: %w", err)
		}
		found[code] = d
		w.out.Departments++
		w.events = append(w.events, events.Event{Kind: EventDepartmentCreated, Subject: d.ID.String(), At: w.now, Site: at.ID, Department: d.ID})
	}
	return found, nil
}

// numbers hands a number to each of the cases. It counts in the transaction itself:
// others who need a number of the same year wait until it ends, but no number is
// left out and none is handed out by a rehearsal.
func (w *importWriter) numbers(ctx context.Context, at *db.Site, cases []ImportCase, good []int) (map[int]string, error) {
	byYear := map[int][]int{}
	for _, i := range good {
		year, err := localYear(at, cases[i].OpenedAt)
		if err != nil {
			return nil, err
		}
		byYear[year] = append(byYear[year], i)
	}
	numbers := make(map[int]string, len(good))
	for _, year := range slices.Sorted(maps.Keys(byYear)) { // one order for all, against deadlocks
		first, err := count(ctx, w.tx, caseCounter(year), int64(len(byYear[year])))
		if err != nil {
			return nil, fmt.Errorf("taking case numbers: %w", err)
		}
		for n, i := range byYear[year] {
			numbers[i] = numberOf(year, first+int64(n))
		}
	}
	return numbers, nil
}

func (w *importWriter) caseRow(c *ImportCase, at *db.Site, departments map[string]*db.Department) *db.ServiceCaseCreate {
	row := w.tx.ServiceCase.Create().
		SetSiteID(at.ID).SetExternalID(c.ExternalID).SetKind(c.Kind).SetChannel(c.Channel).SetSeverity(c.Severity).
		SetStatus(c.Status).SetOpen(c.ClosedAt == nil).
		SetNillableTopicText(c.TopicText).SetSubject(c.Subject).SetNillableDescription(c.Description).SetNillableProduct(c.Product).
		SetOpenedAt(c.OpenedAt).SetDueAt(*c.DueAt).
		SetNillableDispatchedAt(c.DispatchedAt).SetNillableAcceptedAt(c.AcceptedAt).
		SetNillableResolvedAt(c.ResolvedAt).SetNillableResolution(c.Resolution).SetNillableSubstantiated(c.Substantiated).
		SetNillableClosedAt(c.ClosedAt).SetNillableClosure(c.Closure).SetUpdatedAt(w.now)
	if c.Department != nil {
		row.SetDepartmentID(departments[c.Department.Code].ID)
	}
	return row
}

// timelines writes what is known of the courses of cases that were just inserted.
func (w *importWriter) timelines(ctx context.Context, cases []ImportCase, good []int) error {
	var lines []*db.CaseEntryCreate
	for _, i := range good {
		c, id := &cases[i], w.out.Cases[i].ID
		line := func(kind caseentry.Kind, text string, at time.Time) {
			lines = append(lines, w.tx.CaseEntry.Create().SetCaseID(id).SetKind(kind).SetText(text).SetAt(at))
		}
		if c.Progress != nil {
			line(caseentry.KindNOTE, c.Progress.Text, c.Progress.At)
		}
		if c.ResolvedAt != nil {
			line(caseentry.KindDECISION, *c.Resolution, *c.ResolvedAt)
		}
		if c.ClosedAt != nil {
			line(caseentry.KindDECISION, *c.ClosureReason, *c.ClosedAt)
		}
	}
	for some := range slices.Chunk(lines, 4*importRows) {
		if err := w.tx.CaseEntry.CreateBulk(some...).Exec(ctx); err != nil {
			return fmt.Errorf("importing %d lines of timelines: %w", len(some), err)
		}
	}
	return nil
}
