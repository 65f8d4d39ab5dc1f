package quality

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/chartalarm"
	"github.com/seed-34fcb60d/rounds/ent/db/chartbaseline"
	"github.com/seed-34fcb60d/rounds/ent/db/department"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

// Bounds of a control chart.
const (
	maxChartValues      = 5_000 // that are read for one
	maxChartInspections = 5_000 // whose judgements are read for one of shares and counts
)

// chartRules are by which points are judged unless others are asked for. The others of
// Nelson's eight speak of how a process was sampled rather than that it changed, and
// with all of them every hundredth point of a process that is as it should be breaks one.
var chartRules = []spc.Rule{spc.Nelson1, spc.Nelson2, spc.Nelson3, spc.Nelson5, spc.Nelson6}

// OutsideLimits is the rule that a value broke which lies outside the limits of its
// item, whatever the process does of itself.
const OutsideLimits spc.Rule = "OUTSIDE_LIMITS"

// ControlChartOf says which control chart is wanted.
type ControlChartOf struct {
	Characteristic string // the checklist's code, and the item's behind a slash; without it, of all its items
	DepartmentID   typeid.DepartmentID
	From, To       time.Time // To not included
	Kind           *spc.Kind // default: by the item and the interval
	Interval       *chartbaseline.Interval
	Rules          []spc.Rule // default: those of the last baseline
}

// ControlChart is a characteristic of a department over a time.
type ControlChart struct {
	Characteristic string
	DepartmentID   typeid.DepartmentID
	Kind           spc.Kind
	Interval       chartbaseline.Interval
	Unit           *string
	LowerLimit     *float64 // of the item, when it was measured last
	UpperLimit     *float64
	Problem        *ChartProblem // why points have no limits
	Rules          []spc.Rule
	Main           ChartSeries
	Spread         *ChartSeries
	Baselines      []AppliedBaseline

	evaluated spc.Chart // for drawing
}

// ChartProblem says why the points of a chart have no limits.
type ChartProblem string

// The problems.
const (
	NoPoints         ChartProblem = "NO_POINTS"
	TooFewPoints     ChartProblem = "TOO_FEW_POINTS"
	SizesDiffer      ChartProblem = "SIZES_DIFFER"       // on a chart of kind C
	SubgroupTooLarge ChartProblem = "SUBGROUP_TOO_LARGE" // more than 25 values in one interval
	NotChartable     ChartProblem = "NOT_CHARTABLE"      // values too large to reckon with
)

// ChartSeries is one of a chart's rows of points.
type ChartSeries struct {
	Statistic  spc.Statistic
	Points     []ChartPoint
	Violations []ChartViolation
}

// ChartPoint is a point on a chart.
type ChartPoint struct {
	At                   time.Time
	Value                *float64 // nil for a gap
	N                    int      // values, items or inspections that it stands for
	Within               *bool    // all its values lie within the limits of the item; nil for shares, counts and the second series
	Baseline             *int     // index of what judges it
	Centre, Lower, Upper *float64
	InspectionID         typeid.InspectionID // zero for a point of several
	AlarmIDs             []typeid.ChartAlarmID
}

// ChartViolation is a rule that points broke.
type ChartViolation struct {
	Rule   spc.Rule
	Side   *spc.Side
	At     int
	Points []int
}

// AppliedBaseline is what the points from one on are held against.
type AppliedBaseline struct {
	From       int
	BaselineID typeid.ChartBaselineID // zero where the points shown estimate it themselves
	Mean       *float64               // nil where there are too few to do so
	Sigma      *float64
	Points     int
}

// characteristic is what a chart is of.
type characteristic struct{ checklist, item string }

func (c characteristic) String() string { return strings.TrimSuffix(c.checklist+"/"+c.item, "/") }

// characteristic reads what a chart is of.
func (c *check) characteristic(value string, path ...string) characteristic {
	of := characteristic{}
	of.checklist, of.item, _ = strings.Cut(value, "/")
	bad := of.checklist == "" || strings.HasSuffix(value, "/") || len(value) > 2*maxCode
	if bad || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
		c.add(Invalid, "Write it as checklist/item, such as frontdesk.reservations/telephone-rings.",
			"请按“检查表/项目”填写，例如 frontdesk.reservations/telephone-rings。", path...)
	}
	return of
}

// chartKind checks that a kind of chart can be drawn of a characteristic, and fills in
// what is left out.
func (c *check) chartKind(of characteristic, kind *spc.Kind, interval *chartbaseline.Interval) (spc.Kind, chartbaseline.Interval) {
	every := chartbaseline.IntervalNONE
	if interval != nil {
		every = *interval
	}
	k := spc.Individuals
	switch {
	case kind != nil:
		k = *kind
	case of.item == "":
		k = spc.P
	case every != chartbaseline.IntervalNONE:
		k = spc.XBarR
	}
	grouped := k == spc.XBarR || k == spc.XBarS
	if k == spc.Individuals && every != chartbaseline.IntervalNONE || grouped && every == chartbaseline.IntervalNONE {
		c.add(Invalid, "Single values have no interval, and means of subgroups need one.", "单值图不分时段，均值图必须指定时段。", "interval")
	}
	if of.item == "" && (grouped || k == spc.Individuals) {
		c.add(Invalid, "Name an item: only shares and counts are of a whole checklist.", "请指定项目：整张检查表只能绘制比率或计数图。", "characteristic")
	}
	return k, every
}

// rules checks which rules points are to be judged by.
func (c *check) rules(rules []spc.Rule, path ...string) {
	if len(rules) > len(spc.Nelson())+len(spc.WesternElectric()) || slices.Contains(rules, OutsideLimits) {
		c.add(Invalid, "Name rules of Nelson and Western Electric, each once.", "请指定 Nelson 或 Western Electric 规则，每条一次。", path...)
	}
}

// ControlChart draws up a chart of what the viewer sees: its points, their limits and
// the rules that they broke. What is wrong with the question is a [Rejection].
func (s *Service) ControlChart(ctx context.Context, in ControlChartOf) (*ControlChart, error) {
	var bad check
	of := bad.characteristic(in.Characteristic, "characteristic")
	kind, interval := bad.chartKind(of, in.Kind, in.Interval)
	bad.rules(in.Rules, "rules")
	if !in.To.After(in.From) {
		bad.add(Invalid, "The end lies after the beginning.", "结束时间必须晚于开始时间。", "to")
	}
	if bad.err() != nil {
		return nil, bad.err()
	}
	c := &ControlChart{Characteristic: in.Characteristic, DepartmentID: in.DepartmentID, Kind: kind, Interval: interval, Rules: in.Rules}
	samples, err := s.samples(ctx, sampling{characteristic: of, department: in.DepartmentID, from: in.From.UTC(), before: in.To.UTC(), kind: kind, interval: interval})
	if err != nil {
		return nil, err
	}
	baselines, err := s.baselinesOf(ctx, s.db.ChartBaseline, baselineKey{in.DepartmentID, of, kind, interval})
	if err != nil {
		return nil, err
	}
	c.judge(samples, baselines)
	if kind == spc.Individuals {
		err = s.findAlarms(ctx, c, of)
	}
	return c, err
}

// baselineKey is what baselines belong to.
type baselineKey struct {
	department typeid.DepartmentID
	characteristic
	kind     spc.Kind
	interval chartbaseline.Interval
}

// baselinesOf reads the baselines of a chart in the order in which they judge. Of those
// from the same time on, the one that was set last holds.
func (s *Service) baselinesOf(ctx context.Context, client *db.ChartBaselineClient, k baselineKey) ([]*db.ChartBaseline, error) {
	rows, err := client.Query().Where(chartbaseline.DepartmentID(k.department), chartbaseline.Checklist(k.checklist), chartbaseline.Item(k.item),
		chartbaseline.KindEQ(chartbaseline.Kind(k.kind)), chartbaseline.IntervalEQ(k.interval)).
		Order(chartbaseline.ByFromAt(), chartbaseline.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the baselines of a control chart: %w", err)
	}
	var holding []*db.ChartBaseline
	for _, b := range rows {
		if n := len(holding); n > 0 && holding[n-1].FromAt.Equal(b.FromAt) {
			holding[n-1] = b
			continue
		}
		holding = append(holding, b)
	}
	return holding, nil
}

// judge gives the samples their limits. Without a baseline they estimate one.
func (c *ControlChart) judge(samples []charted, baselines []*db.ChartBaseline) {
	rules := chartRules
	definition := spc.Definition{Kind: c.Kind}
	var applied []*db.ChartBaseline // by the baselines of the definition
	for _, b := range baselines {
		from, _ := slices.BinarySearchFunc(samples, b.FromAt, func(p charted, at time.Time) int { return p.At.Compare(at) })
		if from == len(samples) {
			break // it judges later points
		}
		one := spc.Baseline{From: from, Given: &spc.Given{Mean: b.Mean, Sigma: b.Sigma}}
		if n := len(applied); n > 0 && definition.Baselines[n-1].From == from {
			applied[n-1], definition.Baselines[n-1] = b, one
		} else {
			applied, definition.Baselines = append(applied, b), append(definition.Baselines, one)
		}
		rules = namedRules(b.Rules)
	}
	if len(c.Rules) == 0 {
		c.Rules = rules
	}
	definition.Rules = c.Rules
	points := make([]spc.Point, len(samples))
	for i, p := range samples {
		points[i] = p.Point
	}
	var wrong *spc.InputError
	var err error
	if c.evaluated, err = spc.Evaluate(definition, points); errors.As(err, &wrong) {
		c.Problem = new(problemOf(wrong))
	}
	c.show(samples, applied)
}

func problemOf(e *spc.InputError) ChartProblem {
	switch e.Problems[0].Code {
	case spc.SizesDiffer:
		return SizesDiffer
	case spc.SubgroupSize:
		return SubgroupTooLarge
	default:
		return NotChartable
	}
}

// show makes of an evaluated chart what is answered.
func (c *ControlChart) show(samples []charted, applied []*db.ChartBaseline) {
	if n := len(samples); n > 0 && samples[n-1].unit != "" {
		c.Unit, c.LowerLimit, c.UpperLimit = &samples[n-1].unit, samples[n-1].lower, samples[n-1].upper
	}
	c.Main = series(c.evaluated.Main, samples)
	for i := range c.Main.Points {
		c.Main.Points[i].Within = samples[i].within
	}
	c.Main.Violations = append(outside(samples), c.Main.Violations...)
	slices.SortStableFunc(c.Main.Violations, func(a, b ChartViolation) int { return cmp.Compare(a.At, b.At) })
	if c.evaluated.Spread != nil {
		c.Spread = new(series(*c.evaluated.Spread, samples))
	}
	if len(samples) == 0 {
		c.Problem = new(NoPoints)
		return
	}
	limited := false
	for i, e := range c.evaluated.Baselines {
		one := AppliedBaseline{From: e.From, Points: e.Points}
		if i < len(applied) {
			one.BaselineID, one.Points = applied[i].ID, applied[i].Points
		}
		if !e.TooFew {
			one.Mean, one.Sigma = new(e.Mean), new(e.Sigma)
			limited = true
		}
		c.Baselines = append(c.Baselines, one)
	}
	if c.Problem == nil && !limited {
		c.Problem = new(TooFewPoints)
	}
}

// series is a row of points as it is answered.
func series(s spc.Series, samples []charted) ChartSeries {
	out := ChartSeries{Statistic: s.Statistic, Points: make([]ChartPoint, len(samples)), Violations: make([]ChartViolation, len(s.Violations))}
	for i, p := range samples {
		one := ChartPoint{At: p.At, N: p.n, InspectionID: p.inspection, AlarmIDs: []typeid.ChartAlarmID{}}
		if i < len(s.Points) { // there are none when the chart could not be evaluated
			at := s.Points[i]
			if !at.Gap {
				one.Value = new(at.Value)
			}
			if at.Limited {
				one.Baseline, one.Centre, one.Lower, one.Upper = new(at.Baseline), new(at.Centre), new(at.Lower), new(at.Upper)
			}
		}
		out.Points[i] = one
	}
	for i, v := range s.Violations {
		out.Violations[i] = ChartViolation{Rule: v.Rule, At: v.At, Points: v.Points}
		if v.Side != spc.Neither {
			out.Violations[i].Side = new(v.Side)
		}
	}
	return out
}

// outside finds the points with values outside the limits of their item: those that
// follow each other are one violation.
func outside(samples []charted) []ChartViolation {
	var found []ChartViolation
	on := false
	for i, p := range samples {
		off := p.within != nil && !*p.within
		switch {
		case off && on:
			found[len(found)-1].Points = append(found[len(found)-1].Points, i)
		case off:
			found = append(found, ChartViolation{Rule: OutsideLimits, At: i, Points: []int{i}})
		}
		on = off
	}
	return found
}

// findAlarms puts the alarms to the points with which they showed.
func (s *Service) findAlarms(ctx context.Context, c *ControlChart, of characteristic) error {
	points := c.Main.Points
	if len(points) == 0 {
		return nil
	}
	rows, err := s.db.ChartAlarm.Query().Where(chartalarm.DepartmentID(c.DepartmentID), chartalarm.Checklist(of.checklist), chartalarm.Item(of.item),
		chartalarm.AtGTE(points[0].At), chartalarm.AtLTE(points[len(points)-1].At)).Order(chartalarm.ByAt(), chartalarm.ByID()).All(ctx)
	if err != nil {
		return fmt.Errorf("reading the alarms of a control chart: %w", err)
	}
	showing := map[typeid.InspectionID][]typeid.ChartAlarmID{}
	for _, a := range rows {
		showing[a.InspectionID] = append(showing[a.InspectionID], a.ID)
	}
	for i := range points {
		if ids := showing[points[i].InspectionID]; ids != nil {
			points[i].AlarmIDs = ids
		}
	}
	return nil
}

func namedRules(names []string) []spc.Rule {
	rules := make([]spc.Rule, len(names))
	for i, n := range names {
		rules[i] = spc.Rule(n)
	}
	return rules
}

// zoneOf returns the time zone of a department's site, which says when days begin.
func (s *Service) zoneOf(ctx context.Context, id typeid.DepartmentID) (*time.Location, error) {
	d, err := s.db.Department.Query().Where(department.ID(id)).WithSite().Only(ent.AsSystem(ctx))
	if db.IsNotFound(err) {
		return time.UTC, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the time zone of a department: %w", err)
	}
	return time.LoadLocation(d.Edges.Site.TimeZone)
}
