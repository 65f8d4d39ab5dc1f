package quality

import (
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/chartalarm"
	"github.com/seed-34fcb60d/rounds/ent/db/chartbaseline"
	"github.com/seed-34fcb60d/rounds/ent/db/department"
	"github.com/seed-34fcb60d/rounds/ent/db/measurement"
	"github.com/seed-34fcb60d/rounds/ent/schema"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

const (
	// firstBaseline is how many values estimate the first baseline of a characteristic:
	// as few as Montgomery recommends.
	firstBaseline = 20
	// watchedValues are looked at when one is added: several times as many as the
	// longest rule needs, so that what began before them is not taken for new.
	watchedValues = 60
)

// holdCharts lets one inspection of a department at a time add to its charts: each then
// sees the values that were added before. It is held before anything is written, so that
// nobody waits for somebody who waits, and does not keep others from referring to the
// department.
func (s *Service) holdCharts(ctx context.Context, tx *db.Tx, id typeid.DepartmentID) error {
	if !s.db.IsPostgres() {
		return nil // there is one writer anyway
	}
	_, err := tx.Department.Query().Where(department.ID(id)).ForUpdate(sql.WithLockClause("FOR NO KEY UPDATE")).OnlyID(ent.AsSystem(ctx))
	if err != nil {
		return fmt.Errorf("holding the control charts of a department: %w", err)
	}
	return nil
}

// chart records the values of an inspection's important characteristics, and raises an
// alarm for each rule that they break (R-QC-4).
func (s *Service) chart(ctx context.Context, tx *db.Tx, i *db.Inspection, j judged, now time.Time) ([]events.Event, error) {
	ctx = ent.AsSystem(ctx) // a chart is of all inspections, whoever adds to it
	var told []events.Event
	for _, value := range j.word.Measurements {
		m, err := addMeasurement(ctx, tx, i, j.checklist, value, now)
		if err != nil {
			return nil, err
		}
		w := watch{tx: tx, added: m, of: baselineKey{m.DepartmentID, characteristic{m.Checklist, m.Item}, spc.Individuals, chartbaseline.IntervalNONE}, now: now}
		if err := w.look(ctx, s); err != nil {
			return nil, err
		}
		told = append(told, w.told...)
	}
	return told, nil
}

func addMeasurement(ctx context.Context, tx *db.Tx, i *db.Inspection, code string, value checklist.Measurement, now time.Time) (*db.Measurement, error) {
	m, err := tx.Measurement.Create().SetInspectionID(i.ID).SetSiteID(i.SiteID).SetDepartmentID(i.DepartmentID).SetLayer(measurement.Layer(i.Layer)).
		SetChecklist(code).SetItem(value.Item).SetValue(value.Value).SetUnit(value.Unit).
		SetNillableLower(value.Limits.Lower).SetNillableUpper(value.Limits.Upper).SetWithin(value.Within).SetAt(now).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("recording a measured value: %w", err)
	}
	return m, nil
}

// watch is what one added value means for its chart.
type watch struct {
	tx    *db.Tx
	added *db.Measurement
	of    baselineKey
	now   time.Time
	told  []events.Event
}

// look raises the alarms of a value that was added.
func (w *watch) look(ctx context.Context, s *Service) error {
	baselines, err := s.baselinesOf(ctx, w.tx.ChartBaseline, w.of)
	if err != nil {
		return err
	}
	if len(baselines) == 0 {
		first, err := w.estimateFirst(ctx)
		if err != nil {
			return err
		}
		if first != nil {
			baselines = append(baselines, first)
		}
	}
	var holding *db.ChartBaseline
	var before []*db.ChartBaseline
	for _, b := range baselines {
		if !b.FromAt.After(w.added.At) {
			before = append(before, b)
			holding = b
		}
	}
	rows, err := w.values().Order(measurement.ByAt(sql.OrderDesc()), measurement.ByID(sql.OrderDesc())).Limit(watchedValues).All(ctx)
	if err != nil {
		return fmt.Errorf("reading the latest values of a control chart: %w", err)
	}
	slices.Reverse(rows)
	samples := make([]charted, len(rows))
	for i, m := range rows {
		samples[i] = sampleOf(m)
	}
	chart := ControlChart{Kind: w.of.kind}
	if holding != nil {
		chart.judge(samples, before)
	} else {
		chart.Main.Violations = outside(samples)
	}
	for _, v := range chart.Main.Violations {
		if v.At != len(rows)-1 {
			continue // it was raised before, and goes on
		}
		if err := w.raise(ctx, v, rows, holding); err != nil {
			return err
		}
	}
	return nil
}

// values are those of the chart.
func (w *watch) values() *db.MeasurementQuery {
	return w.tx.Measurement.Query().Where(measurement.DepartmentID(w.of.department), measurement.Checklist(w.of.checklist), measurement.Item(w.of.item))
}

// estimateFirst makes the first baseline of a characteristic once there are enough
// values; nil before.
func (w *watch) estimateFirst(ctx context.Context) (*db.ChartBaseline, error) {
	rows, err := w.values().Order(measurement.ByAt(), measurement.ByID()).Limit(firstBaseline).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the first values of a control chart: %w", err)
	}
	if len(rows) < firstBaseline {
		return nil, nil
	}
	points := make([]spc.Point, len(rows))
	for i, m := range rows {
		points[i] = sampleOf(m).Point
	}
	chart, err := spc.Evaluate(spc.Definition{Kind: w.of.kind, MinPoints: firstBaseline}, points)
	if err != nil {
		return nil, nil // values that nothing can be reckoned with have no baseline
	}
	b, err := w.of.create(w.tx, w.added.SiteID).SetFromAt(rows[0].At).SetMean(chart.Baselines[0].Mean).SetSigma(chart.Baselines[0].Sigma).
		SetPoints(firstBaseline).SetEstimatedFrom(rows[0].At).SetEstimatedBefore(rows[len(rows)-1].At.Add(time.Microsecond)).
		SetRules(ruleNames(chartRules)).SetSetAt(w.now).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("keeping the first baseline of a control chart: %w", err)
	}
	w.told = append(w.told, baselineEvent(b))
	return b, nil
}

// create begins a baseline.
func (k baselineKey) create(tx *db.Tx, site typeid.SiteID) *db.ChartBaselineCreate {
	return tx.ChartBaseline.Create().SetSiteID(site).SetDepartmentID(k.department).SetChecklist(k.checklist).SetItem(k.item).
		SetKind(chartbaseline.Kind(k.kind)).SetInterval(k.interval)
}

func ruleNames(rules []spc.Rule) []string {
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = string(r)
	}
	return names
}

// raise keeps an alarm and tells of it.
func (w *watch) raise(ctx context.Context, v ChartViolation, rows []*db.Measurement, holding *db.ChartBaseline) error {
	points := make([]schema.AlarmPoint, len(v.Points))
	for i, at := range v.Points {
		points[i] = schema.AlarmPoint{Inspection: rows[at].InspectionID, At: rows[at].At, Value: rows[at].Value}
	}
	side := chartalarm.SideNEITHER
	if v.Side != nil {
		side = chartalarm.Side(*v.Side)
	}
	create := w.tx.ChartAlarm.Create().SetSiteID(w.added.SiteID).SetDepartmentID(w.added.DepartmentID).SetInspectionID(w.added.InspectionID).
		SetChecklist(w.added.Checklist).SetItem(w.added.Item).SetRule(chartalarm.Rule(v.Rule)).SetSide(side).
		SetValue(w.added.Value).SetPoints(points).SetAt(w.added.At).SetUpdatedAt(w.now)
	if holding != nil {
		create.SetBaselineID(holding.ID)
	}
	a, err := create.Save(ctx)
	if err != nil {
		return fmt.Errorf("raising an alarm: %w", err)
	}
	w.told = append(w.told, alarmEvent(EventChartAlarm, a, w.now))
	return nil
}

// alarmEvent is an event of an alarm. It is visible to who answers for the department,
// and to the quality office.
func alarmEvent(kind string, a *db.ChartAlarm, now time.Time, changed ...string) events.Event {
	return events.Event{Kind: kind, Subject: a.ID.String(), Changed: changed, At: now, Site: a.SiteID, Department: a.DepartmentID}
}

func baselineEvent(b *db.ChartBaseline) events.Event {
	return events.Event{Kind: EventChartBaselineSet, Subject: b.ID.String(), At: b.SetAt, Site: b.SiteID, Department: b.DepartmentID}
}

// AcknowledgeChartAlarm says that somebody looks after an alarm.
type AcknowledgeChartAlarm struct {
	IdempotencyKey   *string
	ID               typeid.ChartAlarmID
	ExpectedRevision int
	Note             string
}

// AcknowledgeChartAlarm says what was found to be the cause of an alarm: who answers for
// the department, or the quality office.
func (s *Service) AcknowledgeChartAlarm(ctx context.Context, in AcknowledgeChartAlarm) (*Change[*db.ChartAlarm], error) {
	return run(ctx, s, useCase[*db.ChartAlarm]{
		area: ent.Inspections, name: "chartAlarmAcknowledge", key: in.IdempotencyKey, in: in,
		read: func(ctx context.Context, ids []string) (*db.ChartAlarm, error) {
			id, _ := typeid.Parse[typeid.ChartAlarmID](ids[0])
			return s.db.ChartAlarm.Get(ctx, id)
		},
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.ChartAlarm], error) {
			var none effect[*db.ChartAlarm]
			a, err := tx.ChartAlarm.Get(ctx, in.ID)
			if err := seen(a, err)("id"); err != nil {
				return none, err
			}
			v := ent.ViewerFrom(ctx)
			if err := mayKeepCharts(v); err != nil {
				return none, err
			}
			var bad check
			bad.text(&in.Note, maxNote, "note")
			if bad.err() != nil {
				return none, bad.err()
			}
			if a.Status != chartalarm.StatusOPEN {
				return none, reject(Rejected, text("Somebody has acknowledged it already.", "该警报已被确认。"), "id")
			}
			now := s.now()
			a, err = tx.ChartAlarm.UpdateOneID(in.ID).Where(chartalarm.Revision(in.ExpectedRevision), chartalarm.StatusEQ(chartalarm.StatusOPEN)).
				AddRevision(1).SetUpdatedAt(now).SetStatus(chartalarm.StatusACKNOWLEDGED).SetAcknowledgedAt(now).SetAcknowledgedByID(v.Staff).SetNote(in.Note).Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("acknowledging an alarm: %w", err)
			}
			return effect[*db.ChartAlarm]{object: a.Unwrap(), ids: []string{a.ID.String()},
				events: []events.Event{alarmEvent(EventChartAlarmAcknowledged, a, now, "status", "acknowledgedAt", "acknowledgedBy", "note", "revision")}}, nil
		},
	})
}

// mayKeepCharts refuses who neither answers for a department nor for its quality. Which
// departments those are is for the scope to say.
func mayKeepCharts(v ent.Viewer) error {
	if slices.Contains(managing, v.Role) || v.Role == ent.Integrator {
		return nil
	}
	return forbidden(text("Only who answers for the department, or the quality office, may do this.", "只有部门负责人或质量管理部门可以执行此操作。"))
}
