package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casecommendation"
	"github.com/seed-34fcb60d/rounds/ent/db/indicator"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// maxEvidenceIDs bounds the ids that an appraisal keeps for one indicator.
const maxEvidenceIDs = 100

// sample is what one indicator measured for one person.
type sample struct {
	sum      float64 // of the values, each 0 or 1 for a share
	size     int     // records measured
	evidence []string
}

func (s *sample) add(value float64, id string) {
	s.sum += value
	s.size++
	if len(s.evidence) < maxEvidenceIDs {
		s.evidence = append(s.evidence, id)
	}
}

// share is 1 for what counts and 0 for what does not.
func share(counts bool) float64 {
	if counts {
		return 1
	}
	return 0
}

// result weighs the sample by the indicator.
func (s sample) result(i *db.Indicator) rules.IndicatorResult {
	r := rules.IndicatorResult{Measure: i.Measure, Weight: i.Weight, SampleSize: s.size, Evidence: s.evidence}
	var value float64
	switch i.Measure {
	case indicator.MeasureCOMPLAINTS_SUBSTANTIATED, indicator.MeasureCOMMENDATIONS:
		value = float64(s.size) // none is a result, too
	default:
		if s.size == 0 {
			return r
		}
		value = s.sum / float64(s.size)
		if i.Measure != indicator.MeasureINSPECTION_SCORE {
			value *= 100 // per cent
		}
	}
	value = rules.Round(value)
	points := rules.Points(value, i.Floor, i.Target)
	r.Value, r.Points, r.Arithmetic = &value, &points, rules.PointsArithmetic(value, i.Floor, i.Target)
	return r
}

type samples map[typeid.StaffID]map[indicator.Measure]sample

func (s samples) add(person typeid.StaffID, m indicator.Measure, value float64, id string) {
	if s[person] == nil {
		s[person] = map[indicator.Measure]sample{}
	}
	one := s[person][m]
	one.add(value, id)
	s[person][m] = one
}

// measure reads the records of the period, newest first, and measures everybody at
// once. What the viewer may not see counts all the same: a result does not depend
// on who asked for it.
func measure(ctx context.Context, tx *db.Tx, r runOf) (samples, error) {
	ctx = ent.AsSystem(ctx)
	measured := samples{}
	if err := measureInspections(ctx, tx, r, measured); err != nil {
		return nil, fmt.Errorf("measuring inspections: %w", err)
	}
	if err := measureCases(ctx, tx, r, measured); err != nil {
		return nil, fmt.Errorf("measuring cases: %w", err)
	}
	if err := measureCommendations(ctx, tx, r, measured); err != nil {
		return nil, fmt.Errorf("measuring commendations: %w", err)
	}
	return measured, nil
}

func (r runOf) ids() []typeid.StaffID {
	ids := make([]typeid.StaffID, len(r.people))
	for n, person := range r.people {
		ids[n] = person.ID
	}
	return ids
}

func measureInspections(ctx context.Context, tx *db.Tx, r runOf, into samples) error {
	rows, err := tx.Inspection.Query().
		Where(inspection.ObservedIDIn(r.ids()...), inspection.StatusEQ(inspection.StatusCOMPLETED), inspection.ScoreNotNil(),
			inspection.CompletedAtGTE(r.start), inspection.CompletedAtLT(r.end)).
		Order(db.Desc(inspection.FieldID)).
		Select(inspection.FieldID, inspection.FieldObservedID, inspection.FieldScore).All(ctx)
	for _, i := range rows {
		into.add(i.ObservedID, indicator.MeasureINSPECTION_SCORE, *i.Score, i.ID.String())
	}
	return err
}

// measureCases measures how cases were handled. Whether a case was in time is
// settled once, by its resolution or at its deadline (see rules.InTime), so that it
// counts in one period and never in two:
//
//	CASES_IN_TIME = 100 × cases settled in the period as resolved by their deadline
//	                    / cases settled in the period
func measureCases(ctx context.Context, tx *db.Tx, r runOf, into samples) error {
	rows, err := tx.ServiceCase.Query().
		Where(servicecase.AssigneeIDIn(r.ids()...), servicecase.Or(
			servicecase.And(servicecase.OpenedAtGTE(r.start), servicecase.OpenedAtLT(r.end)),
			servicecase.And(servicecase.DueAtGTE(r.start), servicecase.DueAtLT(r.end)),
			servicecase.And(servicecase.ResolvedAtGTE(r.start), servicecase.ResolvedAtLT(r.end)))).
		Order(db.Desc(servicecase.FieldID)).
		Select(servicecase.FieldID, servicecase.FieldAssigneeID, servicecase.FieldKind, servicecase.FieldSubstantiated,
			servicecase.FieldOpenedAt, servicecase.FieldDueAt, servicecase.FieldResolvedAt, servicecase.FieldLateBefore).All(ctx)
	for _, c := range rows {
		id := c.ID.String()
		if r.covers(c.OpenedAt) {
			into.add(c.AssigneeID, indicator.MeasureRESOLUTION_RATE, share(c.ResolvedAt != nil), id)
		}
		if inTime, at, settled := rules.InTime(c.DueAt, c.ResolvedAt, c.LateBefore, r.now); settled && r.covers(at) {
			into.add(c.AssigneeID, indicator.MeasureCASES_IN_TIME, share(inTime), id)
		}
		justified := c.Kind == servicecase.KindCOMPLAINT && c.Substantiated != nil && *c.Substantiated
		if justified && c.ResolvedAt != nil && r.covers(*c.ResolvedAt) {
			into.add(c.AssigneeID, indicator.MeasureCOMPLAINTS_SUBSTANTIATED, 1, id)
		}
	}
	return err
}

// measureCommendations counts those that name a person (R-CASE-13), whoever handles
// the case.
func measureCommendations(ctx context.Context, tx *db.Tx, r runOf, into samples) error {
	rows, err := tx.CaseCommendation.Query().
		Where(casecommendation.StaffIDIn(r.ids()...), casecommendation.WithdrawnAtIsNil(),
			casecommendation.OpenedAtGTE(r.start), casecommendation.OpenedAtLT(r.end)).
		Order(db.Desc(casecommendation.FieldCaseID)).
		Select(casecommendation.FieldStaffID, casecommendation.FieldCaseID).All(ctx)
	for _, c := range rows {
		into.add(c.StaffID, indicator.MeasureCOMMENDATIONS, 1, c.CaseID.String())
	}
	return err
}

// covers reports whether a moment lies in the period.
func (r runOf) covers(at time.Time) bool { return !at.Before(r.start) && at.Before(r.end) }
