package quality_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/chartalarm"
	"github.com/seed-34fcb60d/rounds/ent/db/chartbaseline"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/measurement"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

const rings = "frontdesk.reservations/telephone-rings"

// ringing is a judgement in which the telephone rang so often; at most 6 are good.
func ringing(value float64, failed ...string) func(context.Context, checklist.Inspection) (checklist.Judgement, error) {
	j := checklist.Judgement{Measurements: []checklist.Measurement{
		{Item: "telephone-rings", Value: value, Unit: "rings", Limits: checklist.Limits{Upper: new(6.0)}, Within: value <= 6}}}
	for _, item := range []string{"telephone-rings", "polite", "exact"} {
		outcome := checklist.Pass
		if slices.Contains(failed, item) {
			outcome = checklist.Fail
		}
		j.Items = append(j.Items, checklist.ItemResult{Item: item, Outcome: outcome})
	}
	j.Items = append(j.Items, checklist.ItemResult{Item: "other", Outcome: checklist.NotApplicable})
	return func(context.Context, checklist.Inspection) (checklist.Judgement, error) { return j, nil }
}

// rung completes one of the lead's inspections after the other, an hour apart.
func (c *company) rung(t testing.TB, values ...float64) {
	t.Helper()
	for _, v := range values {
		c.clock.advance(time.Hour)
		i := c.started(t, "frontdesk.reservations")
		c.plugins.answer(ringing(v))
		must(c.complete(c.as(t, "lead"), i))(t)
	}
	c.plugins.answer(nil)
}

// settled are as many values as the first baseline takes, with mean 3 and mean moving range 20/19.
var settled = []float64{3, 4, 3, 2, 3, 4, 3, 2, 3, 4, 3, 2, 3, 4, 3, 2, 3, 4, 2, 3}

// alarmed raises one alarm.
func (c *company) alarmed(t testing.TB) *db.ChartAlarm {
	t.Helper()
	c.rung(t, 7)
	a, err := c.db.ChartAlarm.Query().Only(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// rebaseline is a new baseline of how often the telephone rings.
func (c *company) rebaseline(department string) quality.RebaselineChart {
	return quality.RebaselineChart{Characteristic: rings, DepartmentID: c.departments[department].ID, From: c.clock.Now().Add(time.Minute),
		Given: &quality.GivenProcess{Mean: 2, Sigma: new(0.5)}, Reason: "A second line"}
}

func (c *company) chart(t testing.TB, who string, change func(*quality.ControlChartOf)) *quality.ControlChart {
	t.Helper()
	in := quality.ControlChartOf{Characteristic: rings, DepartmentID: c.departments["desk"].ID, From: morning.Add(-time.Hour), To: morning.AddDate(1, 0, 0)}
	if change != nil {
		change(&in)
	}
	chart, err := c.ControlChart(c.as(t, who), in)
	if err != nil {
		t.Fatal(err)
	}
	return chart
}

// alarms lists the alarms, the earliest first: when, counted in hours, by which rule and with how many points.
func (c *company) alarms(t testing.TB) []string {
	t.Helper()
	rows, err := c.db.ChartAlarm.Query().Order(chartalarm.ByAt(), chartalarm.ByRule()).All(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, a := range rows {
		if last := a.Points[len(a.Points)-1]; last.Inspection != a.InspectionID || last.Value != a.Value || !last.At.Equal(a.At) {
			t.Errorf("%v showed with another point than its last, %v", a, last)
		}
		list = append(list, fmt.Sprintf("%v %s %s %d", a.At.Sub(morning).Hours(), a.Rule, a.Side, len(a.Points)))
	}
	return list
}

func TestControlChart(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		if got := c.chart(t, "lead", nil); *got.Problem != quality.NoPoints || len(got.Main.Points) != 0 {
			t.Errorf("without a value: %+v", got)
		}
		c.rung(t, settled[:9]...)
		if got := c.chart(t, "lead", nil); *got.Problem != quality.TooFewPoints || len(got.Main.Points) != 9 || *got.Main.Points[1].Value != 4 || got.Main.Points[1].Centre != nil {
			t.Errorf("of nine values: %+v", got)
		}
		c.rung(t, settled[9:19]...)
		if got := c.chart(t, "lead", nil); got.Problem != nil || !got.Baselines[0].BaselineID.IsZero() || got.Main.Points[0].Centre == nil {
			t.Errorf("before there is a baseline, points estimate it: %+v", got)
		}
		c.rung(t, settled[19], 9, 8, 4)
		got := c.chart(t, "lead", nil)
		b := got.Baselines[0]
		if len(got.Baselines) != 1 || b.BaselineID.IsZero() || *b.Mean != 3 || fmt.Sprintf("%.4f", *b.Sigma) != fmt.Sprintf("%.4f", 20.0/19/1.128) || b.Points != 20 {
			t.Errorf("the first baseline is %+v", got.Baselines)
		}
		p := got.Main.Points[20]
		if *p.Value != 9 || *p.Within || p.InspectionID.IsZero() || len(p.AlarmIDs) != 2 || *p.Upper != 3+3**b.Sigma || p.N != 1 {
			t.Errorf("the point outside is %+v", p)
		}
		if *got.Unit != "rings" || *got.UpperLimit != 6 || got.LowerLimit != nil || got.Spread == nil || len(got.Spread.Points) != 23 {
			t.Errorf("the chart is %+v", got)
		}
		// Both are outside the item's limits, which is one alarm; each breaks the first rule by itself.
		want := []string{"21 NELSON_1 ABOVE 1", "21 OUTSIDE_LIMITS NEITHER 1", "22 NELSON_1 ABOVE 1", "22 NELSON_5 ABOVE 2"}
		if diff := cmp.Diff(want, c.alarms(t)); diff != "" {
			t.Errorf("alarms (-want +got):\n%s", diff)
		}
		var shown []string
		for _, v := range got.Main.Violations {
			shown = append(shown, fmt.Sprintf("%d %s", v.At+1, v.Rule))
		}
		slices.Sort(shown)
		if want := []string{"21 NELSON_1", "21 OUTSIDE_LIMITS", "22 NELSON_1", "22 NELSON_5"}; !slices.Equal(shown, want) {
			t.Errorf("the chart shows %v, want what alarms were raised for: %v", shown, want)
		}
	})
}

// Whoever draws a chart sees the inspections that the viewer sees, and no more.
func TestControlChartIsOfWhatOneSees(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.rung(t, settled...)
		for who, want := range map[string]int{"lead": 20, "manager": 20, "site manager": 20, "officer": 20, integrator: 20, "agent": 20, // whom they are about
			"colleague": 0, "booker": 0, "housekeeping manager": 0, "floor manager": 0, "personnel": 0} {
			got := c.chart(t, who, nil)
			if len(got.Main.Points) != want {
				t.Errorf("%s sees %d points, want %d", who, len(got.Main.Points), want)
			}
			knows := len(got.Baselines) == 1 && !got.Baselines[0].BaselineID.IsZero()
			if knows != (want == 20 && who != "agent") {
				t.Errorf("%s sees the department's baseline: %t", who, knows)
			}
		}
	})
}

func TestRebaselineChart(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.rung(t, settled...)
		before := c.chart(t, "lead", nil)
		in := c.rebaseline("desk")
		in.Rules = []spc.Rule{spc.WesternElectric4}
		given := must(c.RebaselineChart(c.as(t, "manager"), in))(t)
		if given.Mean != 2 || given.Sigma != 0.5 || given.Points != 0 || given.SetByID != *c.staff("manager") || *given.Reason != "A second line" {
			t.Errorf("the baseline is %v", given)
		}
		c.rung(t, 2, 2, 2.1, 2.2, 2.3, 2.2, 2.1, 2.2, 2.3, 2.2)
		after := c.chart(t, "lead", nil)
		if diff := cmp.Diff(before.Main.Points, after.Main.Points[:20]); diff != "" {
			t.Errorf("earlier points have changed (-before +after):\n%s", diff)
		}
		if p := after.Main.Points[20]; *p.Baseline != 1 || *p.Centre != 2 || *p.Upper != 3.5 {
			t.Errorf("the first point of the new baseline is %+v", p)
		}
		if want := []string{"30 WESTERN_ELECTRIC_4 ABOVE 8"}; !slices.Equal(c.alarms(t), want) {
			t.Errorf("alarms are %v, want %v: by the rules of the baseline, and once", c.alarms(t), want)
		}
		estimate := quality.RebaselineChart{Characteristic: rings, DepartmentID: c.departments["desk"].ID, From: in.From, Reason: "Measured",
			Estimate: &quality.EstimationRange{From: in.From, To: c.clock.Now().Add(time.Second)}}
		measured := must(c.RebaselineChart(c.as(t, "officer"), estimate))(t)
		if fmt.Sprintf("%.3f", measured.Mean) != "2.160" || measured.Points != 10 {
			t.Errorf("estimated is %v", measured)
		}
		if p := c.chart(t, "lead", nil).Main.Points[20]; fmt.Sprintf("%.3f", *p.Centre) != "2.160" {
			t.Errorf("from the same time on the later baseline holds, not %+v", p)
		}
		if n := c.rows(t)["baselines"]; n != 3 {
			t.Errorf("the history has %d baselines", n)
		}
	})
}

func TestRebaselineChartRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.rung(t, settled...)
		for _, test := range []struct {
			what, who string
			change    func(*quality.RebaselineChart)
			want      string
		}{
			{"by somebody who answers for nothing", "agent", func(*quality.RebaselineChart) {}, "FORBIDDEN"},
			{"by who answers for another department", "housekeeping manager", func(*quality.RebaselineChart) {}, "FORBIDDEN"},
			{"of a department of another site", "floor manager", func(*quality.RebaselineChart) {}, "NOT_FOUND departmentId"},
			{"before the last one", "manager", func(in *quality.RebaselineChart) { in.From = morning }, "REJECTED from"},
			{"without a reason", "manager", func(in *quality.RebaselineChart) { in.Reason = " " }, "REQUIRED reason"},
			{"given and estimated", "manager", func(in *quality.RebaselineChart) { in.Estimate = &quality.EstimationRange{} }, "INVALID given"},
			{"neither", "manager", func(in *quality.RebaselineChart) { in.Given = nil }, "INVALID given"},
			{"without scatter", "manager", func(in *quality.RebaselineChart) { in.Given.Sigma = nil }, "INVALID given.sigma"},
			{"a share above 1", "manager", func(in *quality.RebaselineChart) { in.Kind, in.Given = new(spc.P), &quality.GivenProcess{Mean: 2} }, "INVALID given.mean"},
			{"a share with scatter", "manager", func(in *quality.RebaselineChart) { in.Kind, in.Given.Mean = new(spc.P), 0.5 }, "INVALID given.sigma"},
			{"from too few points", "manager", func(in *quality.RebaselineChart) {
				in.Given, in.Estimate = nil, &quality.EstimationRange{From: morning, To: morning.Add(5 * time.Hour)}
			}, "REJECTED estimate"},
			{"of no item", "manager", func(in *quality.RebaselineChart) { in.Characteristic = "/telephone-rings" }, "INVALID characteristic"},
			{"of single values of a checklist", "manager", func(in *quality.RebaselineChart) {
				in.Characteristic, in.Kind = "frontdesk.reservations", new(spc.Individuals)
			}, "INVALID characteristic"},
			{"of means without an interval", "manager", func(in *quality.RebaselineChart) { in.Kind = new(spc.XBarR) }, "INVALID interval"},
		} {
			in := c.rebaseline("desk")
			test.change(&in)
			_, err := c.RebaselineChart(c.as(t, test.who), in)
			expect(t, test.what, err, test.want)
		}
		if n := c.rows(t)["baselines"]; n != 1 {
			t.Errorf("there are %d baselines", n)
		}
	})
}

func TestAcknowledgeChartAlarm(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		a := c.alarmed(t)
		in := quality.AcknowledgeChartAlarm{ID: a.ID, ExpectedRevision: 1, Note: "Two were ill"}
		for who, want := range map[string]string{"agent": "NOT_FOUND id", "housekeeping manager": "NOT_FOUND id", "personnel": "NOT_FOUND id"} {
			_, err := c.AcknowledgeChartAlarm(c.as(t, who), in)
			expect(t, who, err, want)
		}
		_, err := c.AcknowledgeChartAlarm(c.as(t, "lead"), quality.AcknowledgeChartAlarm{ID: a.ID, ExpectedRevision: 2, Note: "Two were ill"})
		expect(t, "a stale revision", err, "CONFLICT expectedRevision")
		_, err = c.AcknowledgeChartAlarm(c.as(t, "lead"), quality.AcknowledgeChartAlarm{ID: a.ID, ExpectedRevision: 1})
		expect(t, "without a note", err, "REQUIRED note")
		got := must(c.AcknowledgeChartAlarm(c.as(t, "officer"), in))(t)
		if got.Status != chartalarm.StatusACKNOWLEDGED || *got.Note != in.Note || got.AcknowledgedByID != *c.staff("officer") || got.Revision != 2 {
			t.Errorf("acknowledged is %v", got)
		}
		_, err = c.AcknowledgeChartAlarm(c.as(t, "lead"), quality.AcknowledgeChartAlarm{ID: a.ID, ExpectedRevision: 2, Note: "Again"})
		expect(t, "again", err, "REJECTED id")
	})
}

// An alarm is told of once, to who answers for the department and to the quality office.
func TestChartAlarmIsTold(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		a := c.alarmed(t)
		var told []*db.Event
		for _, e := range c.eventsAfter(t, 0) {
			if e.Kind == quality.EventChartAlarm {
				told = append(told, e)
			}
		}
		if len(told) != 1 || told[0].Subject != a.ID.String() {
			t.Fatalf("told are %v", told)
		}
		for who, want := range map[string]bool{"lead": true, "manager": true, "site manager": true, "officer": true, "agent": false, "booker": false, "housekeeping manager": false, "floor manager": false} {
			if got := c.viewers[who].MaySee(told[0]); got != want {
				t.Errorf("%s is told: %t", who, got)
			}
		}
	})
}

// Inspections that are completed at once, by several servers, see each other's values:
// what they break together shows, and once.
func TestChartsOfInspectionsCompletedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		const servers = 8
		drafts := make([]*db.Inspection, servers)
		for n := range drafts {
			drafts[n] = c.started(t, "frontdesk.reservations")
		}
		must(c.RebaselineChart(c.as(t, "manager"), func() quality.RebaselineChart {
			in := c.rebaseline("desk")
			in.From, in.Rules = morning.Add(-time.Hour), []spc.Rule{spc.WesternElectric4}
			return in
		}()))(t)
		c.plugins.answer(ringing(2.4))
		ctx := c.as(t, "lead")
		errs := make([]error, servers)
		var wg sync.WaitGroup
		for n, i := range drafts {
			s := c.service(c.db, c.log)
			wg.Go(func() {
				_, errs[n] = s.CompleteInspection(ctx, quality.CompleteInspection{ID: i.ID, ExpectedRevision: i.Revision})
			})
		}
		wg.Wait()
		for n, err := range errs {
			if err != nil {
				t.Errorf("inspection %d: %v", n, err)
			}
		}
		if want := []string{"0 WESTERN_ELECTRIC_4 ABOVE 8"}; !slices.Equal(c.alarms(t), want) {
			t.Errorf("alarms are %v, want %v", c.alarms(t), want)
		}
	})
}

// failing completes one inspection of three answers for each list of items that fail.
func (c *company) failing(t testing.TB, after time.Duration, lists ...[]string) {
	t.Helper()
	for _, failed := range lists {
		i := c.started(t, "frontdesk.reservations")
		c.plugins.answer(ringing(3, failed...))
		must(c.complete(c.as(t, "lead"), i))(t)
		c.clock.advance(after)
	}
	c.plugins.answer(nil)
}

func TestChartsOfSharesAndCounts(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for range 4 {
			c.failing(t, 8*time.Hour, nil, []string{"polite"}, []string{"polite", "exact"})
		}
		for _, test := range []struct {
			of       string
			kind     spc.Kind
			interval chartbaseline.Interval
			want     string // of the first points: value and n
		}{
			{"frontdesk.reservations", spc.P, "NONE", "0/3 0.333/3 0.667/3"},
			{"frontdesk.reservations", spc.NP, "NONE", "0/3 1/3 2/3"},
			{"frontdesk.reservations", spc.P, "DAY", "0.167/6 0.333/9 0.333/9"}, // the first day has two of them: it begins at 9
			{"frontdesk.reservations", spc.U, "DAY", "0.5/2 1/3 1/3"},
			{"frontdesk.reservations/polite", spc.P, "WEEK", "0.667/12"},
			{"frontdesk.reservations/polite", spc.C, "NONE", "0/1 1/1 1/1"},
			{"frontdesk.reservations/other", spc.P, "NONE", ""}, // it never applied
			{"frontdesk.unknown", spc.P, "NONE", ""},
		} {
			got := c.chart(t, "lead", func(in *quality.ControlChartOf) {
				in.Characteristic, in.Kind, in.Interval = test.of, &test.kind, &test.interval
			})
			shown := ""
			for i, p := range got.Main.Points[:min(3, len(got.Main.Points))] {
				if i > 0 {
					shown += " "
				}
				shown += fmt.Sprintf("%.4g/%d", float64(int(*p.Value*1000+0.5))/1000, p.N)
			}
			if shown != test.want {
				t.Errorf("%s of %s by %s begins %q, want %q", test.kind, test.of, test.interval, shown, test.want)
			}
		}
		differ := c.chart(t, "lead", func(in *quality.ControlChartOf) {
			in.Characteristic, in.Kind, in.Interval = "frontdesk.reservations", new(spc.C), new(chartbaseline.IntervalDAY)
		})
		if differ.Problem == nil || *differ.Problem != quality.SizesDiffer {
			t.Errorf("of days with differing numbers of inspections: %+v", differ.Problem)
		}
		means := c.chart(t, "lead", func(in *quality.ControlChartOf) { in.Interval = new(chartbaseline.IntervalDAY) })
		if means.Kind != spc.XBarR || means.Main.Points[1].N != 3 || *means.Main.Points[1].Value != 3 {
			t.Errorf("means of days: %+v", means.Main)
		}
		set := must(c.RebaselineChart(c.as(t, "manager"), quality.RebaselineChart{Characteristic: "frontdesk.reservations", DepartmentID: c.departments["desk"].ID, From: morning,
			Estimate: &quality.EstimationRange{From: morning, To: c.clock.Now()}, Reason: "Shares"}))(t)
		if fmt.Sprintf("%.4f", set.Mean) != "0.3333" || set.Sigma != 0 || set.Points != 12 || set.Item != "" || set.Kind != chartbaseline.KindP {
			t.Errorf("the baseline of shares is %v", set)
		}
	})
}

func TestControlChartRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for what, test := range map[string]struct {
			change func(*quality.ControlChartOf)
			want   string
		}{
			"an end before the beginning": {func(in *quality.ControlChartOf) { in.To = in.From }, "INVALID to"},
			"no checklist":                {func(in *quality.ControlChartOf) { in.Characteristic = "/x" }, "INVALID characteristic"},
			"odd characters":              {func(in *quality.ControlChartOf) { in.Characteristic = "a/\x00" }, "INVALID characteristic"},
			"single values of a day": {func(in *quality.ControlChartOf) {
				in.Kind, in.Interval = new(spc.Individuals), new(chartbaseline.IntervalDAY)
			}, "INVALID interval"},
			"means of a checklist": {func(in *quality.ControlChartOf) {
				in.Characteristic, in.Kind, in.Interval = "a", new(spc.XBarS), new(chartbaseline.IntervalDAY)
			}, "INVALID characteristic"},
			"a rule that is no rule": {func(in *quality.ControlChartOf) { in.Rules = []spc.Rule{quality.OutsideLimits} }, "INVALID rules"},
		} {
			in := quality.ControlChartOf{Characteristic: rings, DepartmentID: c.departments["desk"].ID, From: morning, To: morning.Add(time.Hour)}
			test.change(&in)
			_, err := c.ControlChart(c.as(t, "lead"), in)
			expect(t, what, err, test.want)
		}
	})
}

func TestDrawControlChart(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		in := quality.ControlChartOf{Characteristic: rings, DepartmentID: c.departments["desk"].ID, From: morning, To: morning.AddDate(0, 1, 0)}
		for _, values := range [][]float64{nil, settled, {9}} {
			c.rung(t, values...)
			for _, chinese := range []bool{true, false} {
				picture, err := c.DrawControlChart(c.as(t, "lead"), in, chinese)
				if err != nil {
					t.Fatal(err)
				}
				if err := xml.Unmarshal(picture, new(struct{})); err != nil {
					t.Errorf("with %d values it is no XML: %v", len(values), err)
				}
				if got := bytes.Contains(picture, []byte("距中心线")); got != (chinese && len(values) == 1) {
					t.Errorf("the legend is Chinese: %t, want %t", got, chinese)
				}
			}
		}
	})
}

// What inspections measured is written once, and says by itself what a chart needs.
func TestMeasurements(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.rung(t, 4)
		m, err := c.db.Measurement.Query().Where(measurement.Item("telephone-rings")).Only(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		i, err := c.db.Inspection.Get(ent.AsSystem(t.Context()), m.InspectionID)
		if err != nil {
			t.Fatal(err)
		}
		if m.DepartmentID != i.DepartmentID || m.SiteID != i.SiteID || string(m.Layer) != string(inspection.LayerPATROL) || m.Checklist != "frontdesk.reservations" ||
			m.Value != 4 || m.Unit != "rings" || m.Lower != nil || *m.Upper != 6 || !m.Within || !m.At.Equal(*i.CompletedAt) {
			t.Errorf("the row is %v", m)
		}
	})
}
