package quality_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casetask"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// reckoning makes cases of all sorts and counts them one by one.
type reckoning struct {
	*company
	topics  []typeid.TopicID
	causes  []typeid.CauseID
	members []typeid.StaffID
}

func newReckoning(t *testing.T, c *company) *reckoning {
	r := &reckoning{company: c, topics: make([]typeid.TopicID, 1), causes: make([]typeid.CauseID, 1), members: make([]typeid.StaffID, 1)}
	ctx := ent.AsSystem(t.Context())
	err := ent.WithTx(ctx, c.db.Client, func(tx *db.Tx) error {
		for _, code := range []string{"noise", "bill"} {
			topic, err := tx.Topic.Create().SetSiteID(c.sites["hotel"].ID).SetCode(code).SetNameEn(code).SetNameZh(code).SetPath(code + "/").
				SetCreatedAt(morning).SetUpdatedAt(morning).Save(ctx)
			if err != nil {
				return err
			}
			cause, err := tx.Cause.Create().SetCode(code).SetNameEn(code).SetNameZh(code).SetPath(code + "/").SetCreatedAt(morning).SetUpdatedAt(morning).Save(ctx)
			if err != nil {
				return err
			}
			r.topics, r.causes = append(r.topics, topic.ID), append(r.causes, cause.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"agent", "lead", "housekeeper"} {
		r.members = append(r.members, *c.staff(name))
	}
	return r
}

// moments lie around changes of the clock, of years and of days.
var moments = rapid.Custom(func(t *rapid.T) time.Time {
	around := rapid.SampledFrom([]time.Time{
		time.Date(2025, 12, 31, 16, 0, 0, 0, time.UTC), // the new year in Shanghai
		time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC),   // summer time begins in Berlin
		time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC),  // and ends
		time.Date(2026, 11, 1, 4, 0, 0, 0, time.UTC),   // midnight comes twice in Havana
		morning,
	}).Draw(t, "around")
	near := rapid.SampledFrom([]time.Duration{time.Microsecond, time.Second, time.Hour, 24 * time.Hour}).Draw(t, "unit")
	return around.Add(time.Duration(rapid.IntRange(-40, 40).Draw(t, "off")) * near)
})

// maybe is a moment after another, or none.
func maybe(t *rapid.T, after *time.Time, name string) *time.Time {
	if after == nil || rapid.IntRange(0, 3).Draw(t, "no "+name) == 0 {
		return nil
	}
	return new(after.Add(time.Duration(rapid.IntRange(0, 3_000_000).Draw(t, name)) * time.Millisecond * 100))
}

// draw makes a case of some sort.
func (r *reckoning) draw(t *rapid.T, tx *db.Tx, n int) *db.ServiceCaseCreate {
	opened := moments.Draw(t, "opened")
	site := rapid.SampledFrom([]string{"hotel", "hotel", "mall"}).Draw(t, "site")
	resolved, accepted := maybe(t, &opened, "resolved"), maybe(t, &opened, "accepted")
	create := tx.ServiceCase.Create().SetNumber(fmt.Sprint("2026-", n)).SetSiteID(r.sites[site].ID).SetSubject("A case").
		SetKind(rapid.SampledFrom([]servicecase.Kind{servicecase.KindCOMPLAINT, servicecase.KindINQUIRY}).Draw(t, "kind")).
		SetChannel(rapid.SampledFrom([]servicecase.Channel{servicecase.ChannelCHAT, servicecase.ChannelTELEPHONE}).Draw(t, "channel")).
		SetSeverity(rapid.SampledFrom([]servicecase.Severity{servicecase.SeverityMINOR, servicecase.SeverityCRITICAL}).Draw(t, "severity")).
		SetOpenedAt(opened).SetUpdatedAt(opened).SetDueAt(moments.Draw(t, "due")).
		SetNillableDispatchedAt(maybe(t, &opened, "dispatched")).SetNillableResolvedAt(resolved).SetNillableClosedAt(maybe(t, resolved, "closed")).
		SetLateBefore(rapid.Bool().Draw(t, "late before")).SetReopenedCount(rapid.IntRange(0, 2).Draw(t, "reopened")).SetRefusedCount(rapid.IntRange(0, 1).Draw(t, "refused")).
		SetReturnedCount(rapid.IntRange(0, 1).Draw(t, "returned")).
		SetReceivedByID(rapid.SampledFrom(r.members).Draw(t, "receiver")).SetAssigneeID(rapid.SampledFrom(r.members).Draw(t, "assignee")).
		SetTopicID(rapid.SampledFrom(r.topics).Draw(t, "topic")).SetCauseID(rapid.SampledFrom(r.causes).Draw(t, "cause")).
		SetNillableFirstResponseAt(maybe(t, &opened, "response")).SetNillableAcceptedAt(accepted).SetNillableFirstAcceptedAt(maybe(t, accepted, "first accepted")).
		SetEscalatedToID(rapid.SampledFrom(r.members).Draw(t, "escalated"))
	if rapid.Bool().Draw(t, "at a department") {
		department := "floor"
		if site == "hotel" {
			department = rapid.SampledFrom([]string{"desk", "housekeeping"}).Draw(t, "department")
		}
		create.SetDepartmentID(r.departments[department].ID)
	}
	if rapid.Bool().Draw(t, "investigated") {
		create.SetSubstantiated(rapid.Bool().Draw(t, "substantiated"))
	}
	if rapid.Bool().Draw(t, "followed up") {
		create.SetSatisfaction(rapid.IntRange(1, 5).Draw(t, "satisfaction"))
	}
	if rapid.Bool().Draw(t, "with a deadline") {
		create.SetCountedTime(time.Duration(rapid.IntRange(0, 200_000).Draw(t, "counted")) * time.Second / 10)
	}
	if rapid.Bool().Draw(t, "of a product") {
		create.SetProduct(rapid.SampledFrom([]string{"房", "Room"}).Draw(t, "product"))
	}
	return create
}

// drawTask perhaps gives a case a task for another department of its site.
func (r *reckoning) drawTask(t *rapid.T, tx *db.Tx, of *db.ServiceCase) error {
	if rapid.IntRange(0, 2).Draw(t, "no task") > 0 {
		return nil
	}
	department := "floor"
	if of.SiteID == r.sites["hotel"].ID {
		department = rapid.SampledFrom([]string{"desk", "housekeeping"}).Draw(t, "department")
	}
	ctx := ent.AsSystem(context.Background())
	err := tx.CaseTask.Create().SetCaseID(of.ID).SetDepartmentID(r.departments[department].ID).SetTitle("A task").SetRequired(false).
		SetStatus(rapid.SampledFrom([]casetask.Status{casetask.StatusOPEN, casetask.StatusDONE, casetask.StatusCANCELLED}).Draw(t, "status")).
		SetAssigneeID(rapid.SampledFrom(r.members).Draw(t, "assignee")).SetDueAt(of.DueAt).SetAddedAt(of.OpenedAt).SetUpdatedAt(of.OpenedAt).Exec(ctx)
	if err != nil {
		return err
	}
	return tx.ServiceCase.UpdateOneID(of.ID).SetTasked(true).Exec(ctx)
}

// groupOf is the group of a case.
func groupOf(c *db.ServiceCase, by []quality.CaseDimension) (g quality.CaseGroup) {
	for _, d := range by {
		switch d {
		case quality.BySite:
			g.SiteID = c.SiteID
		case quality.ByDepartment:
			g.DepartmentID = c.DepartmentID
		case quality.ByAssignee:
			g.AssigneeID = c.AssigneeID
		case quality.ByReceiver:
			g.ReceivedByID = c.ReceivedByID
		case quality.ByTopic:
			g.TopicID = c.TopicID
		case quality.ByCause:
			g.CauseID = c.CauseID
		case quality.ByKind:
			g.Kind = c.Kind
		case quality.ByChannel:
			g.Channel = c.Channel
		case quality.BySeverity:
			g.Severity = c.Severity
		case quality.ByProduct:
			if c.Product != nil {
				g.Product = *c.Product
			}
		}
	}
	return g
}

// naive counts the cases of a group in a period one by one.
func naive(cases []*db.ServiceCase, in quality.CaseStatistics, group quality.CaseGroup, days rules.Days, now time.Time) *quality.CaseFigures {
	f := &quality.CaseFigures{CaseGroup: group, Days: days, Times: map[quality.CaseTime]quality.Spread{}}
	times := map[quality.CaseTime][]int64{}
	add := func(of quality.CaseTime, seconds int64) { times[of] = append(times[of], seconds) }
	date := func(at time.Time) string { return at.In(in.Zone).Format(time.DateOnly) }
	first, last := days.First.Format(time.DateOnly), days.Last.Format(time.DateOnly)
	during := func(at *time.Time) bool { return at != nil && date(*at) >= first && date(*at) <= last }
	count := func(of *quality.Share, yes bool) {
		of.Of++
		if yes {
			of.Count++
		}
	}
	for _, c := range cases {
		if groupOf(c, in.GroupBy) != group {
			continue
		}
		if date(c.OpenedAt) <= last && (c.ClosedAt == nil || date(*c.ClosedAt) > last) {
			f.OpenAtEnd++
		}
		if during(c.ClosedAt) {
			f.Closed++
		}
		if inTime, at, settled := rules.InTime(c.DueAt, c.ResolvedAt, c.LateBefore, now); settled && during(&at) {
			count(&f.InTime, inTime)
		}
		if during(c.ResolvedAt) {
			f.Resolved++
			if c.Substantiated != nil {
				count(&f.Substantiated, *c.Substantiated)
			}
			if c.Satisfaction != nil {
				count(&f.Satisfied, *c.Satisfaction > 3)
				f.Satisfaction += *c.Satisfaction
			}
			add(quality.TimeToResolve, c.ResolvedAt.Unix()-c.OpenedAt.Unix())
			if c.CountedTime != nil {
				add(quality.CountedTime, int64(*c.CountedTime/time.Second))
			}
		}
		if during(&c.OpenedAt) {
			f.Opened++
			if c.Kind == servicecase.KindCOMPLAINT {
				f.Complaints++
			}
			count(&f.Escalated, !c.EscalatedToID.IsZero())
			if c.FirstResponseAt != nil {
				add(quality.TimeToRespond, c.FirstResponseAt.Unix()-c.OpenedAt.Unix())
			}
			if c.FirstAcceptedAt != nil {
				add(quality.TimeToAccept, c.FirstAcceptedAt.Unix()-c.OpenedAt.Unix())
			} else if c.AcceptedAt != nil {
				add(quality.TimeToAccept, c.AcceptedAt.Unix()-c.OpenedAt.Unix())
			}
			if c.ResolvedAt != nil || c.ReopenedCount > 0 {
				count(&f.Reopened, c.ReopenedCount > 0)
			}
			if c.DispatchedAt != nil || c.RefusedCount > 0 || c.ReturnedCount > 0 {
				count(&f.Refused, c.RefusedCount > 0)
				count(&f.Returned, c.ReturnedCount > 0)
			}
		}
	}
	for of, all := range times {
		slices.Sort(all)
		percentile := func(p int) *time.Duration {
			place := float64(p) / 100 * float64(len(all)-1)
			low := math.Floor(place + 1e-9)
			value := float64(all[int(low)])
			if next := int(low) + 1; next < len(all) {
				value += (place - low) * float64(all[next]-all[int(low)])
			}
			return new(time.Duration(math.Round(value*1000)) * time.Millisecond)
		}
		f.Times[of] = quality.Spread{Count: len(all), P50: percentile(50), P90: percentile(90), P95: percentile(95)}
	}
	return f
}

// question draws what figures are asked for.
func question(t *rapid.T) quality.CaseStatistics {
	zone, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "Asia/Shanghai", "Europe/Berlin", "America/Havana"}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	first := moments.Draw(t, "first").Truncate(24 * time.Hour)
	by := rapid.SliceOfNDistinct(rapid.SampledFrom([]quality.CaseDimension{quality.BySite, quality.ByDepartment, quality.ByAssignee, quality.ByReceiver,
		quality.ByTopic, quality.ByCause, quality.ByKind, quality.ByChannel, quality.BySeverity, quality.ByProduct}), 0, 2, rapid.ID).Draw(t, "by")
	interval := rapid.SampledFrom([]rules.Interval{"", rules.Week, rules.Month, rules.Quarter, rules.Year}).Draw(t, "interval")
	length := rapid.IntRange(0, 400).Draw(t, "days")
	if rapid.IntRange(0, 3).Draw(t, "by day") == 0 {
		interval, length = rules.Day, length/20
	}
	return quality.CaseStatistics{First: first, Last: first.AddDate(0, 0, length), Zone: zone, Interval: interval, GroupBy: by, Times: quality.CaseTimes}
}

// Figures are what comes out when the cases that the viewer sees are counted one by
// one, for every group that there is, in each period.
func TestCaseStatistics(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		r := newReckoning(t, c)
		system := ent.AsSystem(t.Context())
		rapid.Check(t, func(t *rapid.T) {
			count := rapid.IntRange(0, 25).Draw(t, "cases")
			err := ent.WithTx(system, c.db.Client, func(tx *db.Tx) error {
				if _, err := tx.CaseTask.Delete().Exec(system); err != nil {
					return err
				}
				for _, some := range []predicate.ServiceCase{servicecase.MergedIntoIDNotNil(), servicecase.MergedIntoIDIsNil()} {
					if _, err := tx.ServiceCase.Delete().Where(some).Exec(system); err != nil {
						return err
					}
				}
				var creates []*db.ServiceCaseCreate
				for n := range count {
					creates = append(creates, r.draw(t, tx, n))
				}
				made, err := tx.ServiceCase.CreateBulk(creates...).Save(system)
				for n, one := range made {
					if n > 0 && n%9 == 0 && err == nil { // a few are merged
						err = tx.ServiceCase.UpdateOneID(one.ID).SetMergedIntoID(made[0].ID).Exec(system)
					}
					if err == nil {
						err = r.drawTask(t, tx, one)
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			in := question(t)
			for _, viewer := range []string{"officer", "site manager", "lead", "agent", "floor manager"} {
				r.compare(t, ent.WithViewer(context.Background(), c.viewers[viewer]), in)
			}
		})
	})
}

// compare asks for figures and counts what they are of.
func (r *reckoning) compare(t *rapid.T, ctx context.Context, in quality.CaseStatistics) {
	seen, err := r.db.ServiceCase.Query().Where(servicecase.MergedIntoIDIsNil()).All(ctx)
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.CaseStatistics(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	periods := rules.Periods(in.First, in.Last, in.Interval, in.Zone, quality.MaxFigures)
	groups := map[quality.CaseGroup]bool{}
	if len(in.GroupBy) == 0 {
		groups[quality.CaseGroup{}] = true
	}
	for _, c := range seen {
		groups[groupOf(c, in.GroupBy)] = true
	}
	found := map[string]*quality.CaseFigures{}
	for n, f := range got {
		if n > 0 && f.Days.From.Before(got[n-1].Days.From) {
			t.Errorf("%v comes after %v", f.Days, got[n-1].Days)
		}
		found[fmt.Sprint(f.CaseGroup, f.Days)] = f
	}
	if len(found) != len(got) {
		t.Errorf("%d figures, %d of which are different", len(got), len(found))
	}
	for group := range groups {
		for _, days := range periods {
			want := naive(seen, in, group, days, r.clock.Now())
			f := found[fmt.Sprint(group, days)]
			if f == nil { // a group with nothing to count has no figures
				f = &quality.CaseFigures{CaseGroup: group, Days: days, Times: map[quality.CaseTime]quality.Spread{}}
			}
			if diff := cmp.Diff(want, f); diff != "" {
				t.Fatalf("%v by %q (-counted +answered):\n%s", in, in.GroupBy, diff)
			}
		}
	}
}

// A question with too many figures is refused, whether for its periods or its groups.
func TestCaseStatisticsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx := c.as(t, "officer")
		first := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
		in := quality.CaseStatistics{First: first, Last: first.AddDate(0, 0, quality.MaxFigures), Interval: rules.Day, Zone: time.UTC}
		if _, err := c.CaseStatistics(ctx, in); !errors.Is(err, quality.ErrTooManyFigures) {
			t.Errorf("%d days: %v", quality.MaxFigures+1, err)
		}
		for n := range 3 {
			about := complaint()
			about.Product = new(strings.Repeat("x", n+1))
			must(c.OpenCase(c.as(t, "agent"), about))(t)
		}
		in.Last, in.GroupBy = morning.AddDate(0, 0, 1).Truncate(24*time.Hour), []quality.CaseDimension{quality.ByProduct}
		in.First = in.Last.AddDate(0, 0, -quality.MaxFigures/3)
		if _, err := c.CaseStatistics(ctx, in); !errors.Is(err, quality.ErrTooManyFigures) {
			t.Errorf("three groups: %v", err)
		}
		in.First = in.Last.AddDate(0, 0, 1-quality.MaxFigures/3)
		got, err := c.CaseStatistics(ctx, in)
		if err != nil || len(got) != 3*(quality.MaxFigures/3) {
			t.Errorf("as many as allowed: %d, %v", len(got), err)
		}
		if opened := slices.IndexFunc(got, func(f *quality.CaseFigures) bool { return f.Opened == 1 }); opened < 0 {
			t.Error("none of them was opened")
		}
	})
}
