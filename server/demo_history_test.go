package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisal"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// judges are the plugins that come with the server, without their processes.
type judges map[string]checklist.Checklist

func (j judges) Judge(ctx context.Context, plugin string, _ checklist.Definition, in checklist.Inspection) (checklist.Judgement, error) {
	return j[plugin].Judge(ctx, in)
}

// lived is a company whose history was made.
type lived struct {
	*history
	t   *testing.T
	ctx context.Context // the system's
}

// live makes a history, of all its weeks or of the last days only.
func live(t *testing.T, end time.Time, seed uint64, days int) lived {
	t.Helper()
	d := dbtest.SQLite(t)
	clock := &pastClock{present: func() time.Time { return end }}
	h, err := newHistory(end, seed, clock)
	if err != nil {
		t.Fatal(err)
	}
	if days > 0 {
		h.start = end.AddDate(0, 0, -days)
	}
	keys, err := contact.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	log := events.New(events.Config{Database: d})
	plugins := judges{}
	h.core = &core{db: d, events: log, quality: quality.New(quality.Config{
		Database: d, Events: log, Checklists: plugins, Contacts: keys, Now: clock.now,
	})}
	for id, make := range builtin {
		plugins[id] = make()
		description, err := plugins[id].Describe(t.Context())
		if err == nil {
			err = h.core.quality.PublishChecklists(t.Context(), description, "ab")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var last int64
	if err := h.live(t.Context(), func(done, total int64) {
		if done < last || done > total {
			t.Fatalf("progress went from %d to %d of %d", last, done, total)
		}
		last = done
	}); err != nil {
		t.Fatal(err)
	}
	return lived{h, t, ent.AsSystem(t.Context())}
}

func rows[T any](l lived, all func(context.Context) ([]T, error)) []T {
	l.t.Helper()
	list, err := all(l.ctx)
	if err != nil {
		l.t.Fatal(err)
	}
	return list
}

func TestHistory(t *testing.T) {
	end := time.Date(2026, 11, 22, 1, 12, 0, 0, time.UTC)
	l := live(t, end, 1, 0)
	l.checkOrganisation()
	l.checkCases()
	l.checkInspections()
	l.checkAppraisals()
	l.checkEvents()
	if got := l.clock.now(); !got.Equal(end) {
		t.Errorf("after the history it is %v, want %v", got, end)
	}
}

// Whenever the demonstration is given, its history holds a whole month of the
// company's calendar, ended long enough ago to be appraised.
func TestHistoryHoldsAnAppraisedMonth(t *testing.T) {
	for end, month := range map[string]string{
		"2026-11-22T01:12:00Z": "2026-10-01",
		"2026-11-03T15:59:00Z": "2026-09-01", // in Shanghai the 3rd ends
		"2026-11-03T16:01:00Z": "2026-10-01",
		"2027-01-01T00:00:00Z": "2026-11-01",
		"2027-01-31T12:00:00Z": "2026-12-01",
		"2028-03-03T15:00:00Z": "2028-01-01",
		"2028-03-05T00:00:00Z": "2028-02-01",
	} {
		at, err := time.Parse(time.RFC3339, end)
		if err != nil {
			t.Fatal(err)
		}
		clock := &pastClock{present: func() time.Time { return at }}
		h, err := newHistory(at, 1, clock)
		if err != nil {
			t.Fatal(err)
		}
		if got := h.month.Format(time.DateOnly); got != month {
			t.Errorf("at %s the month of %s is appraised, want %s", end, got, month)
		}
		if h.start.After(h.month) || at.Sub(h.start) < 49*24*time.Hour || at.Sub(h.start) > 66*24*time.Hour {
			t.Errorf("at %s the history begins %v before, at %v", end, at.Sub(h.start), h.start)
		}
		if founded := clock.now(); !founded.Before(h.start.AddDate(-1, 0, 0)) {
			t.Errorf("at %s the company is founded at %v", end, founded)
		}
	}
}

// checkOrganisation looks at the chain of management and at who serves.
func (l lived) checkOrganisation() {
	people := rows(l, l.core.db.Staff.Query().All)
	byID := map[string]*db.Staff{}
	roles := map[staff.Role]int{}
	for _, p := range people {
		byID[p.ID.String()] = p
		roles[p.Role]++
	}
	for _, r := range []staff.Role{staff.RoleSTAFF, staff.RoleTEAM_LEAD, staff.RoleDEPARTMENT_MANAGER, staff.RoleSITE_MANAGER,
		staff.RoleQUALITY_OFFICER, staff.RoleHUMAN_RESOURCES, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR} {
		if roles[r] == 0 {
			l.t.Errorf("nobody is %s", r)
		}
	}
	names := map[string]bool{}
	for _, p := range people {
		if names[p.Name] {
			l.t.Errorf("two people are called %s", p.Name)
		}
		names[p.Name] = true
		top, steps := p, 0
		for !top.SupervisorID.IsZero() && steps < 10 {
			top, steps = byID[top.SupervisorID.String()], steps+1
		}
		if top.Role != staff.RoleEXECUTIVE {
			l.t.Errorf("the chain of %s ends at %s, a %s", p.Code, top.Code, top.Role)
		}
	}
}

func (l lived) checkCases() {
	cases := rows(l, l.core.db.ServiceCase.Query().WithCustomer().All)
	counts := map[string]int{}
	for _, c := range cases {
		for _, what := range []any{c.Status, c.Kind, c.Severity, c.Channel, c.Closure} {
			counts[fmt.Sprint(what)]++
		}
		if c.Open && c.DueAt.Before(l.end) {
			counts["overdue"]++
		}
		if c.ResolvedAt != nil && c.ResolvedAt.After(c.DueAt) {
			counts["resolved late"]++
		}
		if c.CustomerID.IsZero() && c.InspectionID.IsZero() {
			counts["anonymous"]++
		}
		if c.OpenedAt.Before(l.start) || c.OpenedAt.After(l.end) {
			l.t.Errorf("case %s was opened at %v", c.Number, c.OpenedAt)
		}
		if strings.Contains(c.Subject, "{") || c.Description != nil && strings.Contains(*c.Description, "{") {
			l.t.Errorf("case %s is not filled in: %s", c.Number, c.Subject)
		}
	}
	for _, m := range rows(l, l.core.db.CaseMeasure.Query().All) {
		counts[fmt.Sprint(m.Kind, " ", m.Status)]++
	}
	counts["commended"] = l.core.db.CaseCommendation.Query().CountX(l.ctx)
	for _, e := range rows(l, l.core.db.CaseEntry.Query().All) {
		counts[string(e.Kind)]++
		if e.Action != nil {
			counts[string(*e.Action)]++
		}
		if !e.CorrectsID.IsZero() {
			counts["correction"]++
		}
		if strings.Contains(e.Text, "{") {
			l.t.Errorf("an entry is not filled in: %s", e.Text)
		}
	}
	for _, what := range []string{
		"OPEN", "DISPATCHED", "ACCEPTED", "RESOLVED", "CLOSED", "overdue", "resolved late", "anonymous",
		"COMPLAINT", "SUGGESTION", "INQUIRY", "COMMENDATION", "INCIDENT", "RETURN_EXCHANGE", "REPAIR", "MINOR", "MAJOR", "CRITICAL",
		"IN_PERSON", "TELEPHONE", "EMAIL", "CHAT", "LETTER", "SURVEY", "INSPECTION", "PUBLIC_PLATFORM", "CUSTOMER_AGREED", "MANAGER_DECISION",
		"NOTE", "CALL", "MESSAGE_TO_CUSTOMER", "DECISION", "correction",
		"ASSESSED", "REPORTED_TO_MANAGEMENT", "REPORTED_TO_QUALITY_OFFICE", "PREVENTIVE EFFECTIVE", "IMPROVEMENT PLANNED", "IMPROVEMENT EFFECTIVE", "commended",
	} {
		if counts[what] == 0 {
			l.t.Errorf("no case is %s: %v", what, counts)
		}
	}
	if late := counts["resolved late"]; late*3 > len(cases) {
		l.t.Errorf("%d of %d cases were resolved late", late, len(cases))
	}
	if customers := len(rows(l, l.core.db.Customer.Query().All)); customers < 200 {
		l.t.Errorf("there are %d customers", customers)
	}
}

func (l lived) checkInspections() {
	done := map[string]int{}
	passed := map[bool]int{}
	drafts := 0
	for _, i := range rows(l, l.core.db.Inspection.Query().WithChecklistVersion().All) {
		if i.Status == inspection.StatusDRAFT {
			drafts++
			continue
		}
		done[i.Edges.ChecklistVersion.Code]++
		passed[*i.Passed]++
	}
	for id, make := range builtin {
		description, err := make().Describe(l.ctx)
		if err != nil {
			l.t.Fatal(err)
		}
		for _, d := range description.Checklists {
			if done[d.ID] < 3 {
				l.t.Errorf("%s of %s was used %d times", d.ID, id, done[d.ID])
			}
		}
	}
	if drafts == 0 || passed[false] == 0 || passed[true] < 5*passed[false] {
		l.t.Errorf("%d inspections passed, %d did not, %d are under way", passed[true], passed[false], drafts)
	}
	if n := l.core.db.ServiceCase.Query().Where(servicecase.InspectionIDNotNil()).CountX(l.ctx); n == 0 {
		l.t.Error("no finding became a case")
	}
}

// checkAppraisals expects one whole month, approved where there was something to
// approve, and nobody's by themselves.
func (l lived) checkAppraisals() {
	start, end := l.month.Format(time.DateOnly), l.month.AddDate(0, 1, -1).Format(time.DateOnly)
	approved := 0
	for _, a := range rows(l, l.core.db.Appraisal.Query().All) {
		if a.PeriodStart != start || a.PeriodEnd != end {
			l.t.Errorf("an appraisal is of %s to %s, want %s to %s", a.PeriodStart, a.PeriodEnd, start, end)
		}
		if (a.Status == appraisal.StatusAPPROVED) != (a.Score != nil) {
			l.t.Errorf("an appraisal with score %v is %s", a.Score, a.Status)
		}
		if a.ApprovedByID == a.StaffID {
			l.t.Error("somebody approved the own appraisal")
		}
		if a.Status == appraisal.StatusAPPROVED {
			approved++
		}
	}
	if approved < 30 {
		l.t.Errorf("%d appraisals are approved", approved)
	}
}

// checkEvents expects a whole log in which time does not run backwards, or into
// the future, and in which each record has its beginning.
func (l lived) checkEvents() {
	report, err := events.Verify(l.ctx, l.core.db, nil)
	if err != nil || report.Break != nil {
		l.t.Fatal(report.Break, err)
	}
	kinds := map[string]int{}
	var last time.Time
	for _, e := range rows(l, l.core.db.Event.Query().Order(event.ByCursor()).All) {
		kinds[e.Kind]++
		if e.At.Before(last) || e.At.After(l.end) {
			l.t.Fatalf("the event at cursor %d is of %v, after one of %v", *e.Cursor, e.At, last)
		}
		last = e.At
	}
	for kind, records := range map[string]int{
		"site.created": l.core.db.Site.Query().CountX(l.ctx), "department.created": l.core.db.Department.Query().CountX(l.ctx),
		"staff.created": l.core.db.Staff.Query().CountX(l.ctx), "scheme.created": l.core.db.AppraisalScheme.Query().CountX(l.ctx),
		"customer.registered": l.core.db.Customer.Query().CountX(l.ctx), "case.opened": l.core.db.ServiceCase.Query().CountX(l.ctx),
		"inspection.started": l.core.db.Inspection.Query().CountX(l.ctx), "appraisal.run": l.core.db.Appraisal.Query().CountX(l.ctx),
	} {
		if kinds[kind] != records {
			l.t.Errorf("%d events say %s, of %d records", kinds[kind], kind, records)
		}
	}
}

// told is what can be compared between two histories: ids differ.
func (l lived) told() []string {
	var lines []string
	for _, c := range rows(l, l.core.db.ServiceCase.Query().WithAssignee().Order(db.Asc(servicecase.FieldNumber)).All) {
		lines = append(lines, fmt.Sprint(c.Number, c.Status, c.Channel, c.Subject, c.OpenedAt, c.UpdatedAt, c.Edges.Assignee.Code))
	}
	for _, i := range rows(l, l.core.db.Inspection.Query().WithObserved().Order(db.Asc(inspection.FieldStartedAt)).All) {
		line := fmt.Sprint(i.StartedAt, i.Layer, i.Status, i.Edges.Observed.Name)
		if i.Score != nil {
			line += fmt.Sprint(*i.Score)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestHistoryIsMadeAgainByItsSeed(t *testing.T) {
	end := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	first := live(t, end, 7, 3).told()
	if diff := cmp.Diff(first, live(t, end, 7, 3).told()); diff != "" || len(first) == 0 {
		t.Errorf("the same seed made another history:\n%s", diff)
	}
}

func TestMadeUpContactsAreAcceptedAndReachNobody(t *testing.T) {
	n := newNames(newRandom(3))
	for range 400 {
		g := n.guest()
		if g.phone != "" {
			number, err := contact.Phone(g.phone, "CN")
			fictional := strings.HasPrefix(number, "+86120") || strings.HasPrefix(number, "+447700900") || strings.HasPrefix(number, "+120255501")
			if err != nil || !fictional {
				t.Errorf("telephone number %q: %q, %v", g.phone, number, err)
			}
		}
		if g.email != "" {
			address, err := contact.Email(g.email)
			if err != nil || !strings.HasSuffix(address, "@example.com") {
				t.Errorf("e-mail address %q: %v", g.email, err)
			}
		}
	}
}
