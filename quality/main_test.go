package quality_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/frontdesk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/contact"
	"github.com/seed-34fcb60d/rounds/quality/files"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// each runs a test in a company of its own on both databases.
func each(t *testing.T, test func(*testing.T, *company)) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) { test(t, newCompany(t, d)) })
}

// company is a hotel and a mall on one database.
//
//	hotel: front office (desk, reservations), housekeeping
//	mall:  floor
type company struct {
	*quality.Service
	db      *ent.Database
	log     *events.Log
	clock   *clock
	plugins *plugins
	keys    *contact.Keys
	store   *files.Store
	folder  string // of the files

	sites       map[string]*db.Site
	departments map[string]*db.Department
	people      map[string]*db.Staff
	viewers     map[string]ent.Viewer
}

// staffing says who works where, and as what.
var staffing = []struct {
	name, department string
	role             staff.Role
}{
	{"agent", "desk", staff.RoleSTAFF},
	{"colleague", "desk", staff.RoleSTAFF},
	{"lead", "desk", staff.RoleTEAM_LEAD},
	{"booker", "reservations", staff.RoleSTAFF},
	{"manager", "front-office", staff.RoleDEPARTMENT_MANAGER},
	{"housekeeper", "housekeeping", staff.RoleSTAFF},
	{"housekeeping manager", "housekeeping", staff.RoleDEPARTMENT_MANAGER},
	{"site manager", "front-office", staff.RoleSITE_MANAGER},
	{"officer", "front-office", staff.RoleQUALITY_OFFICER},
	{"personnel", "front-office", staff.RoleHUMAN_RESOURCES},
	{"executive", "front-office", staff.RoleEXECUTIVE},
	{"administrator", "front-office", staff.RoleADMINISTRATOR},
	{"shop assistant", "floor", staff.RoleSTAFF},
	{"floor manager", "floor", staff.RoleDEPARTMENT_MANAGER},
}

const integrator = "integrator"

// morning is when the tests begin: a Monday at 9 in Shanghai.
var morning = time.Date(2026, 11, 16, 1, 0, 0, 0, time.UTC)

func newCompany(t testing.TB, d *ent.Database) *company {
	t.Helper()
	before := goleak.IgnoreCurrent()
	// The driver takes its time to close a connection on which a query was cancelled,
	// and watches one that waits for an answer.
	closing := goleak.IgnoreAnyFunction("github.com/jackc/pgx/v5/pgconn.(*PgConn).asyncClose.func1")
	watching := goleak.IgnoreAnyFunction("github.com/jackc/pgx/v5/pgconn/internal/bgreader.(*BGReader).bgRead")
	t.Cleanup(func() { goleak.VerifyNone(t, before, closing, watching) })
	c := &company{
		db: d, log: events.New(events.Config{Database: d}), clock: &clock{now: morning}, plugins: newPlugins(),
		sites: map[string]*db.Site{}, departments: map[string]*db.Department{}, people: map[string]*db.Staff{}, viewers: map[string]ent.Viewer{},
	}
	follow(t, c.log)
	var err error
	if c.keys, err = contact.NewKeys(); err != nil {
		t.Fatal(err)
	}
	c.folder = t.TempDir()
	if c.store, err = files.Open(t.Context(), "file://"+c.folder); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.store.Close(); err != nil {
			t.Error(err)
		}
	})
	c.Service = c.service(d, c.log)
	c.found(t)
	for _, s := range staffing {
		id := c.people[s.name].ID
		c.signIn(t, s.name, quality.IssueToken{Name: s.name, Staff: &id})
	}
	c.signIn(t, integrator, quality.IssueToken{Name: integrator, Scopes: ent.Scopes()})
	for _, plugin := range c.plugins.running {
		c.publish(t, plugin)
	}
	return c
}

// publish stores what a plugin says of itself.
func (c *company) publish(t testing.TB, plugin checklist.Checklist) checklist.Description {
	t.Helper()
	description, err := plugin.Describe(t.Context())
	if err == nil {
		err = c.PublishChecklists(t.Context(), description, "c0ffee")
	}
	if err != nil {
		t.Fatal(err)
	}
	return description
}

// service returns a further server on the company's database.
func (c *company) service(d *ent.Database, log *events.Log) *quality.Service {
	return quality.New(quality.Config{Database: d, Events: log, Checklists: c.plugins, Plugins: c.plugins, Contacts: c.keys, Now: c.clock.Now,
		Files: c.store, StoredPerHour: 1 << 20})
}

// follow runs a log until the test ends.
func follow(t testing.TB, log *events.Log) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- log.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the event log: %v", err)
		}
	})
}

// found makes sites, departments and staff.
func (c *company) found(t testing.TB) {
	t.Helper()
	ctx := ent.AsSystem(t.Context())
	err := ent.WithTx(ctx, c.db.Client, func(tx *db.Tx) error {
		for code, country := range map[string]string{"hotel": "CN", "mall": "US"} {
			s, err := tx.Site.Create().SetCode(code).SetName(code).SetKind("OTHER").SetCountry(country).
				SetTimeZone("Asia/Shanghai").SetCreatedAt(morning).Save(ctx)
			if err != nil {
				return err
			}
			c.sites[code] = s
		}
		for _, d := range []struct{ site, parent, code string }{
			{"hotel", "", "front-office"}, {"hotel", "front-office", "desk"}, {"hotel", "front-office", "reservations"},
			{"hotel", "", "housekeeping"}, {"mall", "", "floor"},
		} {
			create := tx.Department.Create().SetSiteID(c.sites[d.site].ID).SetCode(d.code).SetName(d.code).SetCreatedAt(morning)
			path := d.site + "/"
			if parent := c.departments[d.parent]; parent != nil {
				create.SetParentID(parent.ID)
				path = parent.Path
			}
			saved, err := create.SetPath(path + d.code + "/").Save(ctx)
			if err != nil {
				return err
			}
			c.departments[d.code] = saved
		}
		for n, s := range staffing {
			d := c.departments[s.department]
			person, err := tx.Staff.Create().SetSiteID(d.SiteID).SetDepartmentID(d.ID).SetCode(fmt.Sprintf("E%03d", n)).
				SetName(s.name).SetRole(s.role).SetCreatedAt(morning).SetUpdatedAt(morning).Save(ctx)
			if err != nil {
				return err
			}
			c.people[s.name] = person.Unwrap()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// signIn issues a token and lets somebody in by it.
func (c *company) signIn(t testing.TB, name string, in quality.IssueToken) {
	t.Helper()
	secret, _, err := c.IssueToken(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if c.viewers[name], _, err = c.Authenticate(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
}

// as is a context in which somebody asks.
func (c *company) as(t testing.TB, name string) context.Context {
	t.Helper()
	v, known := c.viewers[name]
	if !known {
		t.Fatalf("nobody is called %q", name)
	}
	return ent.WithViewer(t.Context(), v)
}

// leaves lets somebody leave the company.
func (c *company) leaves(t testing.TB, name string) {
	t.Helper()
	err := ent.WithTx(t.Context(), c.db.Client, func(tx *db.Tx) error {
		return tx.Staff.UpdateOneID(*c.staff(name)).SetActive(false).Exec(t.Context())
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (c *company) staff(name string) *typeid.StaffID { return &c.people[name].ID }

// clock is set by hand.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	reads int    // until do is done
	do    func() // may be nil
	done  *bool
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reads--; c.reads == 0 && c.do != nil {
		c.do()
		*c.done = true
	}
	return c.now
}

// before does something just before the clock is read for the n-th time from now,
// and tells whether that has come to pass.
func (c *clock) before(n int, do func()) (done *bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads, c.do, c.done = n, do, new(bool)
	return c.done
}

func (c *clock) set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

func (c *clock) advance(by time.Duration) { c.set(c.Now().Add(by)) }

// plugins stands for the host. It lets the plugins judge in this process unless told
// otherwise, and keeps what they were asked.
type plugins struct {
	running map[string]checklist.Checklist

	mu    sync.Mutex
	judge func(context.Context, checklist.Inspection) (checklist.Judgement, error) // nil for the plugin's own word
	asked []checklist.Inspection
	told  []string // what the processes were to do
}

func newPlugins() *plugins {
	return &plugins{running: map[string]checklist.Checklist{"frontdesk": frontdesk.New(), "example": example()}}
}

// example is a plugin with an item of every kind.
func example() checklist.Checklist {
	t := sdk.T
	return &sdk.Department{ID: "example", Version: "1.0.0", Name: t("Example", "示例"), Sheets: []sdk.Sheet{
		sdk.Define("example.kinds", t("Every kind", "各种类型"), 60,
			sdk.Section("one", t("One", "一"),
				sdk.Item("yes", t("Is it so", "是否如此")),
				sdk.Item("choice", t("How is it", "情况如何"), sdk.Choice(sdk.Answer("good", t("Good", "好"), 1), sdk.Answer("bad", t("Bad", "差"), 0))),
				sdk.Item("number", t("How many", "多少"), sdk.Number(sdk.Minutes, sdk.AtMost(5)))),
			sdk.Section("two", t("Two", "二"),
				sdk.Item("text", t("What was seen", "所见"), sdk.Remark()),
				sdk.Item("photo", t("A picture", "照片"), sdk.Photo()))),
	}}
}

// answer lets judge answer instead of the plugin, until it is nil again.
func (p *plugins) answer(judge func(context.Context, checklist.Inspection) (checklist.Judgement, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.judge = judge
}

func (p *plugins) Judge(ctx context.Context, plugin string, _ checklist.Definition, in checklist.Inspection) (checklist.Judgement, error) {
	p.mu.Lock()
	judge := p.judge
	p.asked = append(p.asked, in)
	p.mu.Unlock()
	if judge != nil {
		return judge(ctx, in)
	}
	return p.running[plugin].Judge(ctx, in)
}

// must returns the object of a change that has to succeed.
//
//	c := must(company.OpenCase(ctx, in))(t)
func must[T any](change *quality.Change[T], err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatalf("the change was not made: %v", err)
		}
		if change.Cursor == nil {
			t.Fatal("the change has no cursor")
		}
		return change.Object
	}
}

// outcome sums an error up: "" for none, and for a Rejection the kind and path of
// each problem, such as "REQUIRED name; INVALID phone".
func outcome(err error) string {
	var r quality.Rejection
	switch {
	case err == nil:
		return ""
	case errors.As(err, &r):
		problems := make([]string, len(r))
		for i, p := range r {
			problems[i] = strings.TrimSpace(string(p.Kind) + " " + strings.Join(p.Path, "."))
			if p.Text.EN == "" || p.Text.ZH == "" {
				problems[i] += " (without a text)"
			}
		}
		return strings.Join(problems, "; ")
	default:
		return "fault: " + err.Error()
	}
}

// expect checks what became of a call.
func expect(t testing.TB, what string, err error, want string) {
	t.Helper()
	if got := outcome(err); got != want {
		t.Errorf("%s: %q (%v), want %q", what, got, err, want)
	}
}

// rows counts the rows of everything that a use case may write. Case numbers are
// taken before, and may be lost.
func (c *company) rows(t testing.TB) map[string]int {
	t.Helper()
	ctx := ent.AsSystem(context.WithoutCancel(t.Context()))
	counts := map[string]int{}
	for table, count := range map[string]func(context.Context) (int, error){
		"customers": c.db.Customer.Query().Count, "contact points": c.db.ContactPoint.Query().Count, "cases": c.db.ServiceCase.Query().Count, "entries": c.db.CaseEntry.Query().Count,
		"measures": c.db.CaseMeasure.Query().Count, "commendations": c.db.CaseCommendation.Query().Count, "hand-overs": c.db.HandOver.Query().Count, "follow-ups": c.db.CaseFollowUp.Query().Count, "links": c.db.CaseLink.Query().Count,
		"attachments": c.db.Attachment.Query().Count, "files": c.db.StoredFile.Query().Count,
		"consents": c.db.Consent.Query().Count, "owner changes": c.db.OwnerChange.Query().Count, "attempts": c.db.ContactAttempt.Query().Count, "external ids": c.db.ExternalID.Query().Count, "merges": c.db.CustomerMerge.Query().Count, "disclosures": c.db.Disclosure.Query().Count,
		"control plans": c.db.ControlPlan.Query().Count, "planned inspections": c.db.PlannedInspection.Query().Count,
		"inspections": c.db.Inspection.Query().Count, "answers": c.db.Answer.Query().Count, "findings": c.db.Finding.Query().Count,
		"measurements": c.db.Measurement.Query().Count, "baselines": c.db.ChartBaseline.Query().Count, "alarms": c.db.ChartAlarm.Query().Count,
		"shifts": c.db.Shift.Query().Count, "visits": c.db.Visit.Query().Count, "places": c.db.RotationPlace.Query().Count, "swaps": c.db.ShiftSwap.Query().Count,
		"appraisals": c.db.Appraisal.Query().Count, "calendars": c.db.Calendar.Query().Count, "events": c.db.Event.Query().Count, "replies": c.db.IdempotencyRecord.Query().Count,
	} {
		n, err := count(ctx)
		if err != nil {
			t.Fatal(err)
		}
		counts[table] = n
	}
	return counts
}

// eventsAfter returns the events that were appended after a number of events.
func (c *company) eventsAfter(t testing.TB, n int) []*db.Event {
	t.Helper()
	all, err := c.db.Event.Query().Order(event.ByID()).Offset(n).All(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// content is all that an event says, in JSON.
func content(t testing.TB, e *db.Event) string {
	t.Helper()
	body, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
