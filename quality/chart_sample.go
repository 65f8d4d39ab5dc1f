package quality

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/chartbaseline"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/measurement"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

// sampling says which samples a chart is made of.
type sampling struct {
	characteristic
	department   typeid.DepartmentID
	from, before time.Time
	kind         spc.Kind
	interval     chartbaseline.Interval
}

// charted is a point of a chart, and what it came from.
type charted struct {
	spc.Point
	n            int
	inspection   typeid.InspectionID
	within       *bool
	unit         string
	lower, upper *float64
}

// samples reads what a chart shows, as far as the viewer sees the inspections.
func (s *Service) samples(ctx context.Context, of sampling) ([]charted, error) {
	single, err := s.singleSamples(ctx, of)
	if err != nil || of.interval == chartbaseline.IntervalNONE {
		return single, err
	}
	zone, err := s.zoneOf(ctx, of.department)
	if err != nil {
		return nil, err
	}
	grouped := group(single, of.interval, zone)
	if of.kind == spc.XBarR || of.kind == spc.XBarS {
		for i := range grouped {
			if len(grouped[i].Values) < spc.MinSubgroup {
				grouped[i].Values = nil // a single value has no scatter
			}
		}
	}
	return grouped, nil
}

func (s *Service) singleSamples(ctx context.Context, of sampling) ([]charted, error) {
	switch of.kind {
	case spc.P, spc.NP, spc.C, spc.U:
		return s.outcomes(ctx, of)
	default:
		return s.measured(ctx, of)
	}
}

// measured reads values of an important characteristic.
func (s *Service) measured(ctx context.Context, of sampling) ([]charted, error) {
	rows, err := s.db.Measurement.Query().Where(measurement.DepartmentID(of.department), measurement.Checklist(of.checklist), measurement.Item(of.item),
		measurement.AtGTE(of.from), measurement.AtLT(of.before)).
		Order(measurement.ByAt(), measurement.ByID()).Limit(maxChartValues + 1).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the values of a control chart: %w", err)
	}
	if len(rows) > maxChartValues {
		return nil, tooMuchCharted(maxChartValues, "to")
	}
	samples := make([]charted, len(rows))
	for i, m := range rows {
		samples[i] = sampleOf(m)
	}
	return samples, nil
}

func sampleOf(m *db.Measurement) charted {
	return charted{Point: spc.Point{At: m.At, Values: []float64{m.Value}}, n: 1, inspection: m.InspectionID,
		within: &m.Within, unit: m.Unit, lower: m.Lower, upper: m.Upper}
}

func tooMuchCharted(limit int, path string) error {
	return reject(Invalid, text(fmt.Sprintf("There are more than %d of them: ask for a shorter time.", limit),
		fmt.Sprintf("数量超过 %d，请缩短时间范围。", limit)), path)
}

// outcomes reads how items were judged: one sample for each inspection.
func (s *Service) outcomes(ctx context.Context, of sampling) ([]charted, error) {
	versions, err := s.versionsOf(ctx, of.checklist)
	if err != nil || len(versions) == 0 {
		return nil, err
	}
	rows, err := s.db.Inspection.Query().Where(inspection.DepartmentID(of.department), inspection.StartedAtGTE(of.from), inspection.StartedAtLT(of.before),
		inspection.StatusEQ(inspection.StatusCOMPLETED), inspection.ChecklistVersionIDIn(versions...)).
		Order(inspection.ByStartedAt(), inspection.ByID()).Limit(maxChartInspections+1).
		Select(inspection.FieldID, inspection.FieldStartedAt, inspection.FieldJudgement).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the judgements for a control chart: %w", err)
	}
	if len(rows) > maxChartInspections {
		return nil, tooMuchCharted(maxChartInspections, "to")
	}
	var samples []charted
	for _, row := range rows {
		items, err := outcomesOf(row)
		if err != nil {
			return nil, err
		}
		judged, failed := 0, 0
		for _, i := range items {
			if i.Outcome == checklist.NotApplicable || of.item != "" && i.Item != of.item {
				continue
			}
			judged++
			if i.Outcome == checklist.Fail {
				failed++
			}
		}
		if judged == 0 {
			continue
		}
		one := charted{Point: spc.Point{At: row.StartedAt, Count: failed, Size: float64(judged)}, n: judged, inspection: row.ID}
		if of.kind == spc.C || of.kind == spc.U {
			one.Size, one.n = 1, 1
		}
		samples = append(samples, one)
	}
	return samples, nil
}

// versionsOf lists the versions of a checklist.
func (s *Service) versionsOf(ctx context.Context, code string) ([]typeid.ChecklistVersionID, error) {
	ids, err := s.db.ChecklistVersion.Query().Where(checklistversion.Code(code)).IDs(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("listing the versions of a checklist: %w", err)
	}
	return ids, nil
}

// itemOutcome is how an item was judged.
type itemOutcome struct {
	Item    string            `json:"item"`
	Outcome checklist.Outcome `json:"outcome"`
}

// outcomesOf reads how the items of a completed inspection were judged.
func outcomesOf(i *db.Inspection) ([]itemOutcome, error) {
	var word struct {
		Items []itemOutcome `json:"items"`
	}
	if err := json.Unmarshal(i.Judgement, &word); err != nil {
		return nil, fmt.Errorf("reading the judgement of %s: %w", i.ID, err)
	}
	return word.Items, nil
}

// group puts samples together that fall into the same part of the calendar of a zone.
// There is no point where there was no sample.
func group(single []charted, interval chartbaseline.Interval, zone *time.Location) []charted {
	var grouped []charted
	for _, p := range single {
		begin := intervalBegins(p.At, interval, zone)
		n := len(grouped) - 1
		if n < 0 || !grouped[n].At.Equal(begin) {
			p.At, p.inspection = begin, typeid.InspectionID{}
			grouped = append(grouped, p)
			continue
		}
		g := &grouped[n]
		g.Values = append(g.Values[:len(g.Values):len(g.Values)], p.Values...)
		g.Count, g.Size, g.n = g.Count+p.Count, g.Size+p.Size, g.n+p.n
		g.unit, g.lower, g.upper = p.unit, p.lower, p.upper
		if p.within != nil {
			g.within = new(*g.within && *p.within)
		}
	}
	return grouped
}

// intervalBegins is when the day, week (from Monday on) or month of a moment begins.
func intervalBegins(at time.Time, interval chartbaseline.Interval, zone *time.Location) time.Time {
	year, month, day := at.In(zone).Date()
	switch interval {
	case chartbaseline.IntervalWEEK:
		day -= (int(at.In(zone).Weekday()) + 6) % 7
	case chartbaseline.IntervalMONTH:
		day = 1
	}
	return time.Date(year, month, day, 0, 0, 0, 0, zone).UTC()
}
