package quality_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisal"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisalscheme"
	"github.com/seed-34fcb60d/rounds/ent/db/indicator"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// indicators are those of the schemes in these tests.
var indicators = []rules.IndicatorResult{
	{Measure: indicator.MeasureINSPECTION_SCORE, Weight: 40},
	{Measure: indicator.MeasureCASES_IN_TIME, Weight: 20},
	{Measure: indicator.MeasureRESOLUTION_RATE, Weight: 10},
	{Measure: indicator.MeasureCOMPLAINTS_SUBSTANTIATED, Weight: 20},
	{Measure: indicator.MeasureCOMMENDATIONS, Weight: 10},
}

// bounds are the floor and target of an indicator.
func bounds(m indicator.Measure) (floor, target float64) {
	switch m {
	case indicator.MeasureCOMPLAINTS_SUBSTANTIATED:
		return 5, 0
	case indicator.MeasureCOMMENDATIONS:
		return 0, 4
	default:
		return 60, 95
	}
}

// schemes makes the schemes "monthly" and "quarterly".
func (c *company) schemes(t testing.TB) {
	t.Helper()
	ctx := ent.AsSystem(t.Context())
	err := ent.WithTx(ctx, c.db.Client, func(tx *db.Tx) error {
		for code, period := range map[string]appraisalscheme.Period{"monthly": appraisalscheme.PeriodMONTH, "quarterly": appraisalscheme.PeriodQUARTER} {
			scheme, err := tx.AppraisalScheme.Create().SetCode(code).SetNameEn(code).SetNameZh(code).SetPeriod(period).
				SetPassMark(60).SetCreatedAt(morning).Save(ctx)
			if err != nil {
				return err
			}
			for n, i := range indicators {
				floor, target := bounds(i.Measure)
				err := tx.Indicator.Create().SetSchemeID(scheme.ID).SetPosition(n).SetMeasure(i.Measure).SetWeight(i.Weight).
					SetFloor(floor).SetTarget(target).Exec(ctx)
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// appraised is what appraisals measure.
type appraised struct {
	cases         []*db.ServiceCase
	commendations []*db.CaseCommendation
	inspections   []*db.Inspection
}

// history makes cases and inspections of the desk's people around October 2026, on
// Shanghai's calendar.
func (c *company) history(t testing.TB, seed uint64) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	ctx := ent.AsSystem(t.Context())
	people := []typeid.StaffID{*c.staff("agent"), *c.staff("colleague"), *c.staff("booker")}
	edges := []time.Time{october.start, october.start.Add(-time.Microsecond), october.end, october.end.Add(-time.Microsecond)}
	moment := func() time.Time {
		if random.IntN(5) == 0 {
			return edges[random.IntN(len(edges))]
		}
		return october.start.Add(time.Duration(random.Int64N(int64(60*24*time.Hour))) - 15*24*time.Hour).Truncate(time.Microsecond)
	}
	version := c.started(t, "example.kinds").ChecklistVersionID
	err := ent.WithTx(ctx, c.db.Client, func(tx *db.Tx) error {
		for n := range 150 {
			opened := moment()
			due := opened.Add(24 * time.Hour)
			create := tx.ServiceCase.Create().SetNumber(fmt.Sprintf("old-%d-%d", seed, n)).SetSiteID(c.sites["hotel"].ID).SetChannel(servicecase.ChannelCHAT).
				SetKind([]servicecase.Kind{servicecase.KindCOMPLAINT, servicecase.KindCOMMENDATION, servicecase.KindINQUIRY}[random.IntN(3)]).
				SetSeverity(servicecase.SeverityMAJOR).SetSubject("x").SetOpenedAt(opened).SetDueAt(due).SetUpdatedAt(opened)
			if random.IntN(10) > 0 {
				create.SetAssigneeID(people[random.IntN(len(people))])
			}
			switch random.IntN(4) {
			case 0: // not resolved yet
			case 1:
				create.SetResolvedAt(due) // in the last moment
			default:
				create.SetResolvedAt(moment())
			}
			if random.IntN(2) == 0 {
				create.SetSubstantiated(random.IntN(2) == 0)
			}
			of, err := create.Save(ctx)
			if err != nil {
				return err
			}
			for _, person := range people {
				if of.Kind != servicecase.KindCOMMENDATION || random.IntN(2) == 0 {
					continue
				}
				name := tx.CaseCommendation.Create().SetCaseID(of.ID).SetStaffID(person).SetSiteID(c.sites["hotel"].ID).
					SetDepartmentID(c.departments["desk"].ID).SetInWriting(random.IntN(2) == 0).SetOpenedAt(opened).SetNamedAt(opened)
				if random.IntN(4) == 0 {
					name.SetWithdrawnAt(opened.Add(time.Hour))
				}
				if err := name.Exec(ctx); err != nil {
					return err
				}
			}
		}
		for range 60 {
			at := moment()
			create := tx.Inspection.Create().SetSiteID(c.sites["hotel"].ID).SetDepartmentID(c.departments["desk"].ID).SetChecklistVersionID(version).
				SetInspectorID(*c.staff("lead")).SetLayer(inspection.LayerPATROL).SetStartedAt(at.Add(-time.Hour)).SetUpdatedAt(at)
			if random.IntN(5) > 0 {
				create.SetObservedID(people[random.IntN(len(people))])
			}
			if random.IntN(5) > 0 {
				create.SetStatus(inspection.StatusCOMPLETED).SetCompletedAt(at)
				if random.IntN(5) > 0 {
					create.SetScore(float64(random.IntN(10_001)) / 100)
				}
			}
			if err := create.Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// october is the month of the tests, in Shanghai.
var october = struct{ start, end time.Time }{
	time.Date(2026, 9, 30, 16, 0, 0, 0, time.UTC),
	time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC),
}

// count measures a person by going through everything, one indicator at a time.
func (all appraised) count(m indicator.Measure, person typeid.StaffID) (value *float64, size int) {
	in := func(at *time.Time) bool { return at != nil && !at.Before(october.start) && at.Before(october.end) }
	sum := 0.0
	add := func(counts bool, v float64) {
		if counts {
			size, sum = size+1, sum+v
		}
	}
	percent := func(good bool) float64 {
		if good {
			return 100
		}
		return 0
	}
	for _, i := range all.inspections {
		if m == indicator.MeasureINSPECTION_SCORE && i.Score != nil {
			add(i.ObservedID == person && i.Status == inspection.StatusCOMPLETED && in(i.CompletedAt), *i.Score)
		}
	}
	for _, of := range all.cases {
		if of.AssigneeID != person {
			continue
		}
		switch m {
		case indicator.MeasureCASES_IN_TIME:
			good := of.ResolvedAt != nil && !of.ResolvedAt.After(of.DueAt)
			add(good && in(of.ResolvedAt) || !good && in(&of.DueAt), percent(good)) // all of October is over
		case indicator.MeasureRESOLUTION_RATE:
			add(in(&of.OpenedAt), percent(of.ResolvedAt != nil))
		case indicator.MeasureCOMPLAINTS_SUBSTANTIATED:
			add(of.Kind == servicecase.KindCOMPLAINT && in(of.ResolvedAt) && of.Substantiated != nil && *of.Substantiated, 1)
		}
	}
	for _, named := range all.commendations {
		if m == indicator.MeasureCOMMENDATIONS {
			add(named.StaffID == person && in(&named.OpenedAt) && named.WithdrawnAt == nil, 1)
		}
	}
	switch {
	case m == indicator.MeasureCOMPLAINTS_SUBSTANTIATED || m == indicator.MeasureCOMMENDATIONS:
		return &sum, size
	case size == 0:
		return nil, 0
	default:
		return new(rules.Round(sum / float64(size))), size
	}
}

func (c *company) run(t testing.TB, who string) []*db.Appraisal {
	t.Helper()
	return must(c.RunAppraisals(c.as(t, who), quality.RunAppraisals{Scheme: "monthly", DepartmentID: c.departments["desk"].ID, Day: "2026-10-15"}))(t)
}

func results(t testing.TB, a *db.Appraisal) []rules.IndicatorResult {
	t.Helper()
	var all []rules.IndicatorResult
	if err := json.Unmarshal(a.Results, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAppraisalsAgainstANaiveCount(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.schemes(t)
		for seed := range uint64(3) {
			c.history(t, seed)
			all := c.appraised(t) // histories add up
			before := c.rows(t)["events"]
			run := c.run(t, "manager")
			if len(run) != 3 {
				t.Fatalf("%d people were appraised, want the three of the desk", len(run))
			}
			for _, a := range run {
				if a.PeriodStart != "2026-10-01" || a.PeriodEnd != "2026-10-31" || a.DepartmentID != c.departments["desk"].ID || !a.RunAt.Equal(morning) {
					t.Errorf("appraisal: %v", a)
				}
				got := results(t, a)
				want := slices.Clone(indicators)
				for n := range want {
					i := &want[n]
					floor, target := bounds(i.Measure)
					if i.Value, i.SampleSize = all.count(i.Measure, a.StaffID); i.Value != nil {
						i.Points = new(rules.Points(*i.Value, floor, target))
						i.Arithmetic = rules.PointsArithmetic(*i.Value, floor, target)
					}
					if len(got[n].Evidence) != min(i.SampleSize, 100) {
						t.Errorf("%s of %d records has %d as evidence", i.Measure, i.SampleSize, len(got[n].Evidence))
					}
				}
				if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(rules.IndicatorResult{}, "Evidence")); diff != "" {
					t.Errorf("results of %v (-counted +run):\n%s", a.StaffID, diff)
				}
				if diff := cmp.Diff(rules.Score(want), a.Score); diff != "" {
					t.Errorf("score (-want +got):\n%s", diff)
				}
			}
			for n, e := range c.said(t, before) {
				want := said{"appraisal.run", c.staff("manager").String(), run[n].DepartmentID, run[n].StaffID, typeid.StaffID{}, "score results runAt revision"}
				if diff := cmp.Diff(want, e); diff != "" {
					t.Errorf("event (-want +got):\n%s", diff)
				}
			}
		}
	})
}

// A case that nobody resolved by its deadline counts against its owner in the period
// of the deadline, and never again.
func TestCasesInTime(t *testing.T) {
	hours := func(n int) *time.Time { return new(october.end.Add(time.Duration(n) * time.Hour)) }
	const toCome = 24 * 30 // after the clock of the tests, and still in November
	cases := []struct {
		name          string
		due, resolved *time.Time
		inTime        bool
		counts        string // the month
	}{
		{"in time", hours(-2), hours(-3), true, "October"},
		{"late in the same month", hours(-2), hours(-1), false, "October"},
		{"late in the next month", hours(-2), hours(2), false, "October"},
		{"overdue", hours(-2), nil, false, "October"},
		{"early, and due in the next month", hours(2), hours(-1), true, "October"},
		{"overdue in the next month", hours(2), nil, false, "November"},
		{"early, and due in the future", hours(toCome), hours(1), true, "November"},
		{"not due yet", hours(toCome), nil, false, ""},
	}
	each(t, func(t *testing.T, c *company) {
		c.schemes(t)
		ctx := ent.AsSystem(t.Context())
		counted := map[string][]string{}
		good := map[string]float64{}
		for n, one := range cases {
			var of *db.ServiceCase
			err := ent.WithTx(ctx, c.db.Client, func(tx *db.Tx) (err error) {
				of, err = tx.ServiceCase.Create().SetNumber(fmt.Sprint("old-", n)).SetSiteID(c.sites["hotel"].ID).
					SetAssigneeID(*c.staff("agent")).SetKind(servicecase.KindINQUIRY).SetChannel(servicecase.ChannelCHAT).
					SetSeverity(servicecase.SeverityMINOR).SetSubject(one.name).SetOpenedAt(*hours(-1000)).SetDueAt(*one.due).
					SetNillableResolvedAt(one.resolved).SetUpdatedAt(morning).Save(ctx)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			counted[one.counts] = append(counted[one.counts], of.ID.String())
			if one.inTime {
				good[one.counts]++
			}
		}
		for month, day := range map[string]string{"October": "2026-10-15", "November": "2026-11-15"} {
			drafts := must(c.RunAppraisals(c.as(t, "manager"), quality.RunAppraisals{Scheme: "monthly", DepartmentID: c.departments["desk"].ID, Day: day}))(t)
			a := drafts[slices.IndexFunc(drafts, func(a *db.Appraisal) bool { return a.StaffID == *c.staff("agent") })]
			all := results(t, a)
			got := all[slices.IndexFunc(all, func(r rules.IndicatorResult) bool { return r.Measure == indicator.MeasureCASES_IN_TIME })]
			slices.Sort(got.Evidence)
			slices.Sort(counted[month])
			if diff := cmp.Diff(counted[month], got.Evidence); diff != "" {
				t.Errorf("%s counts (-want +got):\n%s", month, diff)
			}
			if want := rules.Round(100 * good[month] / float64(len(counted[month]))); got.Value == nil || *got.Value != want {
				t.Errorf("%s: %v, want %v %%", month, got.Value, want)
			}
		}
	})
}

// appraised returns what is stored.
func (c *company) appraised(t testing.TB) appraised {
	ctx := ent.AsSystem(t.Context())
	return appraised{c.db.ServiceCase.Query().AllX(ctx), c.db.CaseCommendation.Query().AllX(ctx), c.db.Inspection.Query().AllX(ctx)}
}

// What was approved stays as it was, whatever becomes of the data and the scheme;
// drafts follow the data.
func TestApprovedIsFrozen(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.schemes(t)
		first := c.run(t, "lead")
		for _, a := range first {
			if a.Revision != 1 || a.Status != appraisal.StatusDRAFT {
				t.Errorf("first run: %v", a)
			}
		}
		frozen := first[slices.IndexFunc(first, func(a *db.Appraisal) bool { return a.StaffID == *c.staff("agent") })]
		before := c.rows(t)["events"]
		c.clock.advance(time.Hour)
		approved := must(c.ApproveAppraisal(c.as(t, "manager"), quality.ApproveAppraisal{ID: frozen.ID, ExpectedRevision: 1}))(t)
		if approved.Status != appraisal.StatusAPPROVED || approved.ApprovedByID != *c.staff("manager") || !approved.ApprovedAt.Equal(morning.Add(time.Hour)) || approved.Revision != 2 {
			t.Errorf("approved: %v", approved)
		}
		want := []said{{"appraisal.approved", c.staff("manager").String(), frozen.DepartmentID, frozen.StaffID, typeid.StaffID{}, "status approvedAt approvedBy revision"}}
		if diff := cmp.Diff(want, c.said(t, before)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}

		c.history(t, 1)
		err := ent.WithTx(t.Context(), c.db.Client, func(tx *db.Tx) error {
			_, err := tx.Indicator.Delete().Where(indicator.MeasureEQ(indicator.MeasureINSPECTION_SCORE)).Exec(t.Context())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		c.clock.advance(time.Hour)
		second := c.run(t, "lead")
		if len(second) != 2 {
			t.Errorf("the second run changed %d appraisals, want the two drafts", len(second))
		}
		for _, a := range second {
			if a.StaffID == frozen.StaffID || a.Revision != 2 || len(results(t, a)) != len(indicators)-1 || !a.RunAt.Equal(morning.Add(2*time.Hour)) {
				t.Errorf("second run: %v", a)
			}
		}
		stored, err := c.db.Appraisal.Get(ent.AsSystem(t.Context()), frozen.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(results(t, approved), results(t, stored)); diff != "" || stored.Revision != 2 || !stored.RunAt.Equal(morning) {
			t.Errorf("the approved appraisal changed to %v (-before +after):\n%s", stored, diff)
		}
		_, err = c.ApproveAppraisal(c.as(t, "manager"), quality.ApproveAppraisal{ID: frozen.ID, ExpectedRevision: 2})
		expect(t, "approving again", err, "REJECTED id")
		for _, a := range second {
			must(c.ApproveAppraisal(c.as(t, "personnel"), quality.ApproveAppraisal{ID: a.ID, ExpectedRevision: 2}))(t)
		}
		_, err = c.RunAppraisals(c.as(t, "lead"), quality.RunAppraisals{Scheme: "monthly", DepartmentID: c.departments["desk"].ID, Day: "2026-10-01"})
		expect(t, "running when all are approved", err, "REJECTED departmentId")
	})
}

func TestWhoMayAppraise(t *testing.T) {
	run := map[string]string{"lead": "", "manager": "", "site manager": "", "personnel": "", "executive": "", "administrator": "",
		"shop assistant": "NOT_FOUND departmentId", "floor manager": "NOT_FOUND departmentId"} // who else sees the department is forbidden
	approve := map[string]string{"manager": "", "site manager": "", "personnel": "", "executive": "", "administrator": "",
		"agent": "FORBIDDEN", "lead": "FORBIDDEN", integrator: "FORBIDDEN"} // to others it does not exist
	each(t, func(t *testing.T, c *company) {
		c.schemes(t)
		desk := c.departments["desk"].ID
		for name := range c.viewers {
			want, listed := run[name]
			if !listed {
				want = "FORBIDDEN"
			}
			_, err := c.RunAppraisals(c.as(t, name), quality.RunAppraisals{Scheme: "monthly", DepartmentID: desk, Day: "2026-10-15"})
			expect(t, name+" runs", err, want)
		}
		month := 1
		for name := range c.viewers {
			drafts := must(c.RunAppraisals(c.as(t, "personnel"), quality.RunAppraisals{Scheme: "monthly", DepartmentID: desk, Day: fmt.Sprintf("2025-%02d-28", month)}))(t)
			a := drafts[slices.IndexFunc(drafts, func(a *db.Appraisal) bool { return a.StaffID == *c.staff("agent") })]
			want, listed := approve[name]
			if !listed {
				want = "NOT_FOUND id"
			}
			_, err := c.ApproveAppraisal(c.as(t, name), quality.ApproveAppraisal{ID: a.ID, ExpectedRevision: a.Revision + 1})
			if want == "" {
				expect(t, name+" approves what has changed", err, "CONFLICT expectedRevision")
			}
			_, err = c.ApproveAppraisal(c.as(t, name), quality.ApproveAppraisal{ID: a.ID, ExpectedRevision: a.Revision})
			expect(t, name+" approves", err, want)
			if err == nil {
				month++
			}
		}
		own := must(c.RunAppraisals(c.as(t, "site manager"), quality.RunAppraisals{Scheme: "quarterly", DepartmentID: c.departments["front-office"].ID, Day: "2026-10-15"}))(t)
		for _, a := range own {
			for _, name := range []string{"manager", "site manager", "personnel", "executive", "administrator"} {
				if a.StaffID == *c.staff(name) {
					_, err := c.ApproveAppraisal(c.as(t, name), quality.ApproveAppraisal{ID: a.ID, ExpectedRevision: 1})
					expect(t, name+" approves the own one", err, "FORBIDDEN")
				}
			}
		}
	})
}

func TestRunAppraisalsRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.schemes(t)
		desk := c.departments["desk"].ID
		for _, test := range []struct {
			name string
			in   quality.RunAppraisals
			want string
		}{
			{"no scheme", quality.RunAppraisals{DepartmentID: desk, Day: "2026-10-15"}, "REQUIRED scheme"},
			{"an unknown scheme", quality.RunAppraisals{Scheme: "weekly", DepartmentID: desk, Day: "2026-10-15"}, "NOT_FOUND scheme"},
			{"an unknown department", quality.RunAppraisals{Scheme: "monthly", DepartmentID: typeid.New[typeid.DepartmentID](), Day: "2026-10-15"}, "NOT_FOUND departmentId"},
			{"a day before all records", quality.RunAppraisals{Scheme: "monthly", DepartmentID: desk, Day: "1582-10-15"}, "INVALID day"},
			{"no day", quality.RunAppraisals{Scheme: "monthly", DepartmentID: desk, Day: "October"}, "INVALID day"},
			{"a day that is none", quality.RunAppraisals{Scheme: "monthly", DepartmentID: desk, Day: "2026-02-30"}, "INVALID day"},
			{"a period to come", quality.RunAppraisals{Scheme: "monthly", DepartmentID: desk, Day: "2026-12-01"}, "INVALID day"},
			{"the present period", quality.RunAppraisals{Scheme: "monthly", DepartmentID: desk, Day: "2026-11-30"}, ""},
			{"the present quarter", quality.RunAppraisals{Scheme: "quarterly", DepartmentID: desk, Day: "2026-12-31"}, ""},
		} {
			before := c.rows(t)
			_, err := c.RunAppraisals(c.as(t, "manager"), test.in)
			expect(t, test.name, err, test.want)
			if diff := cmp.Diff(before, c.rows(t)); (diff == "") != (err != nil) {
				t.Errorf("%s: rows written (-before +after):\n%s", test.name, diff)
			}
		}
	})
}

// Runs that meet each other make one appraisal of each person.
func TestAppraisalRunsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.schemes(t)
		_, errs := atOnce(8, func(int) (any, error) {
			return c.RunAppraisals(c.as(t, "manager"), quality.RunAppraisals{Scheme: "monthly", DepartmentID: c.departments["desk"].ID, Day: "2026-10-15"})
		})
		for n, err := range errs {
			expect(t, fmt.Sprintf("run %d", n), err, "")
		}
		all, err := c.db.Appraisal.Query().All(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if a.Revision != 8 {
				t.Errorf("appraisal of %v has revision %d, want one for each run", a.StaffID, a.Revision)
			}
		}
		if len(all) != 3 {
			t.Errorf("%d appraisals were made, want one of each person", len(all))
		}
	})
}
