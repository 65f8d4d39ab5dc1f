package quality

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/chartbaseline"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

// maxChartReason bounds the reason of a baseline, in characters.
const maxChartReason = 2_000

// RebaselineChart is what the points of a chart are held against from a time on: given,
// or estimated from the points of a range.
type RebaselineChart struct {
	IdempotencyKey *string
	Characteristic string
	DepartmentID   typeid.DepartmentID
	Kind           *spc.Kind // default: by the item and the interval
	Interval       *chartbaseline.Interval
	From           time.Time // of the first point that it judges
	Given          *GivenProcess
	Estimate       *EstimationRange
	Rules          []spc.Rule // default: those that charts are judged by unless others are asked for
	Reason         string
}

// GivenProcess is a process as it should be.
type GivenProcess struct {
	Mean  float64
	Sigma *float64 // of single values; nil for shares and counts, which have it from their mean
}

// EstimationRange is the time whose points estimate a baseline.
type EstimationRange struct {
	From, To time.Time // To not included
}

// RebaselineChart sets what the points of a chart are held against from a time on:
// managers and the quality office, when a process was changed for good. Earlier points
// keep theirs, and what it replaces stays in the history.
func (s *Service) RebaselineChart(ctx context.Context, in RebaselineChart) (*Change[*db.ChartBaseline], error) {
	return run(ctx, s, useCase[*db.ChartBaseline]{
		area: ent.Inspections, name: "chartRebaseline", key: in.IdempotencyKey, in: in,
		read: func(ctx context.Context, ids []string) (*db.ChartBaseline, error) {
			id, _ := typeid.Parse[typeid.ChartBaselineID](ids[0])
			return s.db.ChartBaseline.Get(ctx, id)
		},
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.ChartBaseline], error) {
			var none effect[*db.ChartBaseline]
			d, err := tx.Department.Get(ctx, in.DepartmentID)
			if err := seen(d, err)("departmentId"); err != nil {
				return none, err
			}
			v := ent.ViewerFrom(ctx)
			if err := mayKeepCharts(v); err != nil {
				return none, err
			}
			if !v.SeesDepartment(ent.Inspections, d) {
				return none, forbidden(text("This is not a department that you answer for.", "该部门不在您的职责范围内。"))
			}
			k, err := in.check()
			if err != nil {
				return none, err
			}
			if err := s.holdCharts(ctx, tx, d.ID); err != nil {
				return none, err
			}
			if err := s.inOrder(ctx, tx, k, in.From); err != nil {
				return none, err
			}
			create := k.create(tx, d.SiteID).SetFromAt(in.From).SetRules(ruleNames(in.Rules)).SetReason(in.Reason).SetSetByID(v.Staff).SetSetAt(s.now())
			if err := s.setProcess(ctx, create, k, in); err != nil {
				return none, err
			}
			b, err := create.Save(ctx)
			if err != nil {
				return none, fmt.Errorf("keeping a baseline: %w", err)
			}
			return effect[*db.ChartBaseline]{object: b.Unwrap(), ids: []string{b.ID.String()}, events: []events.Event{baselineEvent(b)}}, nil
		},
	})
}

// check completes the input and says what is wrong with it.
func (in *RebaselineChart) check() (baselineKey, error) {
	var bad check
	in.From = in.From.UTC().Truncate(time.Microsecond)
	k := baselineKey{department: in.DepartmentID, characteristic: bad.characteristic(in.Characteristic, "characteristic")}
	k.kind, k.interval = bad.chartKind(k.characteristic, in.Kind, in.Interval)
	bad.rules(in.Rules, "rules")
	if len(in.Rules) == 0 {
		in.Rules = chartRules
	}
	bad.text(&in.Reason, maxChartReason, "reason")
	switch {
	case (in.Given == nil) == (in.Estimate == nil):
		bad.add(Invalid, "Either give the limits, or say which points estimate them.", "请给出控制限，或指定用于估计的时间范围（二选一）。", "given")
	case in.Estimate != nil && !in.Estimate.To.After(in.Estimate.From):
		bad.add(Invalid, "The end lies after the beginning.", "结束时间必须晚于开始时间。", "estimate", "to")
	case in.Given != nil:
		bad.given(k.kind, *in.Given)
	}
	return k, bad.err()
}

// given checks a process that was given.
func (c *check) given(kind spc.Kind, g GivenProcess) {
	const most = 1e12
	attributes, shares := kind != spc.Individuals && kind != spc.XBarR && kind != spc.XBarS, kind == spc.P || kind == spc.NP
	if math.Abs(g.Mean) > most || attributes && g.Mean < 0 || shares && g.Mean > 1 {
		c.add(Invalid, "There is no such mean: shares are from 0 to 1, numbers not negative.", "均值无效：比率须在 0 到 1 之间，计数不能为负。", "given", "mean")
	}
	switch {
	case attributes && g.Sigma != nil:
		c.add(Invalid, "Shares and counts have their standard deviation from their mean.", "比率和计数的标准差由均值得出。", "given", "sigma")
	case !attributes && (g.Sigma == nil || *g.Sigma <= 0 || *g.Sigma > most):
		c.add(Invalid, "Give the standard deviation of single values, above 0.", "请给出大于 0 的单值标准差。", "given", "sigma")
	}
}

// inOrder refuses a baseline that would judge points which another one judges already.
// From the same time on it replaces that, which stays in the history.
func (s *Service) inOrder(ctx context.Context, tx *db.Tx, k baselineKey, from time.Time) error {
	known, err := s.baselinesOf(ent.AsSystem(ctx), tx.ChartBaseline, k)
	if err != nil {
		return err
	}
	if n := len(known); n > 0 && from.Before(known[n-1].FromAt) {
		return reject(Rejected, text("There is a baseline from a later time on: earlier points keep theirs.", "已有更晚生效的基线：此前的数据点保持原基线。"), "from")
	}
	return nil
}

// setProcess fills in the process that was given, or that some points estimate.
func (s *Service) setProcess(ctx context.Context, create *db.ChartBaselineCreate, k baselineKey, in RebaselineChart) error {
	if in.Given != nil {
		create.SetMean(in.Given.Mean).SetSigma(0)
		if in.Given.Sigma != nil {
			create.SetSigma(*in.Given.Sigma)
		}
		return nil
	}
	from, before := in.Estimate.From.UTC().Truncate(time.Microsecond), in.Estimate.To.UTC().Truncate(time.Microsecond)
	samples, err := s.samples(ent.AsSystem(ctx), sampling{characteristic: k.characteristic, department: k.department, from: from, before: before, kind: k.kind, interval: k.interval})
	if err != nil {
		return err
	}
	points := make([]spc.Point, len(samples))
	for i, p := range samples {
		points[i] = p.Point
	}
	chart, err := spc.Evaluate(spc.Definition{Kind: k.kind}, points)
	if err != nil || chart.Baselines[0].TooFew {
		return reject(Rejected, text(fmt.Sprintf("These points give no limits: it takes at least %d that can be charted.", spc.DefaultMinPoints),
			fmt.Sprintf("这些数据点不足以得出控制限：至少需要 %d 个可用的点。", spc.DefaultMinPoints)), "estimate")
	}
	e := chart.Baselines[0]
	create.SetMean(e.Mean).SetSigma(e.Sigma).SetPoints(e.Points).SetEstimatedFrom(from).SetEstimatedBefore(before)
	return nil
}
