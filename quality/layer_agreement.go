package quality

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules/agreement"
)

const (
	// maxComparedInspections bounds the judgements that one comparison reads.
	maxComparedInspections = 10_000
	// doubtBelow is how improbable it is that an inspector who stands out met with
	// nothing that others would have failed.
	doubtBelow = 0.01
)

// LayerAgreementOf says which layers of control are compared, where and when.
type LayerAgreementOf struct {
	DepartmentID *typeid.DepartmentID // this or SiteID
	SiteID       *typeid.SiteID
	From, To     time.Time          // when the inspections were started; To not included
	Layers       []inspection.Layer // two
}

// LayerAgreement tells how far two layers of control see the same (R-QC-1).
type LayerAgreement struct {
	Departments []Agreement // one for each with inspections of either layer
	Inspectors  []Agreement // of the first layer, in each department
}

// Agreement is how far two layers see the same in a department, of all inspections there
// or of those that one inspector made at the first layer.
type Agreement struct {
	DepartmentID typeid.DepartmentID
	InspectorID  typeid.StaffID // zero for all of the department
	agreement.Agreement

	// Of the first layer's inspections, those in which anything failed, and how likely
	// it is that nothing did: see [agreement.Doubt].
	Inspections, WithFailures int
	agreement.Lenience
}

// LayerAgreement compares what two layers of control found at the same items. An
// inspection of the second layer is held against the one of the first layer that was
// started nearest to it, of those by the same checklist in the same department on the
// same day of the site's clock, in which the same person was observed, or nobody at the
// same place. Each is compared once. What did not apply in one of them is left out.
func (s *Service) LayerAgreement(ctx context.Context, in LayerAgreementOf) (*LayerAgreement, error) {
	var bad check
	if (in.DepartmentID == nil) == (in.SiteID == nil) {
		bad.add(Invalid, "Name a department or a site.", "请指定部门或营业点（二选一）。", "departmentId")
	}
	if len(in.Layers) != 2 || in.Layers[0] == in.Layers[1] {
		bad.add(Invalid, "Name two layers of control.", "请指定两个不同的检查层级。", "layers")
	}
	if !in.To.After(in.From) {
		bad.add(Invalid, "The end lies after the beginning.", "结束时间必须晚于开始时间。", "to")
	}
	if bad.err() != nil {
		return nil, bad.err()
	}
	looks, err := s.looks(ctx, in)
	if err != nil {
		return nil, err
	}
	compared := comparison{}
	for _, l := range looks {
		compared.count(l, in.Layers[0])
	}
	for pair := range pairs(looks, in.Layers[0]) {
		compared.pair(pair)
	}
	return compared.agreement()
}

// look is a completed inspection, as it is compared.
type look struct {
	*db.Inspection
	checklist string
	day       string // on the clock of the site
	outcomes  map[string]checklist.Outcome
	failed    bool
}

// looks reads the inspections to be compared, the earliest first, as far as the viewer
// sees them.
func (s *Service) looks(ctx context.Context, in LayerAgreementOf) ([]*look, error) {
	where := s.db.Inspection.Query().Where(inspection.StartedAtGTE(in.From), inspection.StartedAtLT(in.To))
	if in.DepartmentID != nil {
		where.Where(inspection.DepartmentID(*in.DepartmentID))
	} else {
		where.Where(inspection.SiteID(*in.SiteID))
	}
	rows, err := where.Where(inspection.StatusEQ(inspection.StatusCOMPLETED), inspection.LayerIn(in.Layers...)).
		Order(inspection.ByStartedAt(), inspection.ByID()).Limit(maxComparedInspections + 1).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the inspections to be compared: %w", err)
	}
	if len(rows) > maxComparedInspections {
		return nil, tooMuchCharted(maxComparedInspections, "to")
	}
	codes, err := s.checklistsOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	zones := map[typeid.SiteID]*time.Location{}
	all := make([]*look, len(rows))
	for i, row := range rows {
		if zones[row.SiteID] == nil {
			if zones[row.SiteID], err = s.zoneOf(ctx, row.DepartmentID); err != nil {
				return nil, err
			}
		}
		items, err := outcomesOf(row)
		if err != nil {
			return nil, err
		}
		l := &look{Inspection: row, checklist: codes[row.ChecklistVersionID], day: row.StartedAt.In(zones[row.SiteID]).Format(time.DateOnly),
			outcomes: make(map[string]checklist.Outcome, len(items))}
		for _, item := range items {
			l.outcomes[item.Item] = item.Outcome
			l.failed = l.failed || item.Outcome == checklist.Fail
		}
		all[i] = l
	}
	return all, nil
}

// checklistsOf returns the codes of the checklists of inspections.
func (s *Service) checklistsOf(ctx context.Context, rows []*db.Inspection) (map[typeid.ChecklistVersionID]string, error) {
	codes := map[typeid.ChecklistVersionID]string{}
	for _, row := range rows {
		codes[row.ChecklistVersionID] = ""
	}
	versions, err := s.db.ChecklistVersion.Query().Where(checklistversion.IDIn(slices.Collect(maps.Keys(codes))...)).
		Select(checklistversion.FieldID, checklistversion.FieldCode).All(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("reading the checklists of inspections: %w", err)
	}
	for _, v := range versions {
		codes[v.ID] = v.Code
	}
	return codes, nil
}

// together is what two looks have in common that are compared.
type together struct {
	department     typeid.DepartmentID
	checklist, day string
	observed       typeid.StaffID
	place          string
}

func (l *look) together() together {
	t := together{department: l.DepartmentID, checklist: l.checklist, day: l.day, observed: l.ObservedID}
	if l.ObservedID.IsZero() && l.Place != nil {
		t.place = *l.Place
	}
	return t
}

// pairs finds the looks that are compared: for each of the second layer in turn, the
// nearest of the first that is not taken yet.
func pairs(looks []*look, first inspection.Layer) map[[2]*look]struct{} {
	open := map[together][]*look{}
	for _, l := range looks {
		if l.Layer == first {
			open[l.together()] = append(open[l.together()], l)
		}
	}
	found := map[[2]*look]struct{}{}
	for _, l := range looks {
		candidates := open[l.together()]
		if l.Layer == first || len(candidates) == 0 {
			continue
		}
		nearest := 0
		for i, c := range candidates {
			if c.StartedAt.Sub(l.StartedAt).Abs() < candidates[nearest].StartedAt.Sub(l.StartedAt).Abs() {
				nearest = i
			}
		}
		found[[2]*look{candidates[nearest], l}] = struct{}{}
		open[l.together()] = slices.Delete(candidates, nearest, nearest+1)
	}
	return found
}

// of is what is compared by itself: a department, or an inspector there.
type of struct {
	department typeid.DepartmentID
	inspector  typeid.StaffID
}

// stratum is what comparable inspections have in common.
type stratum struct {
	department typeid.DepartmentID
	checklist  string
}

// comparison adds up what two layers found.
type comparison map[of]*accord

// accord is what two layers found at the same items.
type accord struct {
	agreement.Counts
	visits map[stratum]agreement.Record // of the first layer
}

func (c comparison) of(department typeid.DepartmentID, inspector typeid.StaffID) *accord {
	key := of{department, inspector}
	if c[key] == nil {
		c[key] = &accord{visits: map[stratum]agreement.Record{}}
	}
	return c[key]
}

// count adds an inspection.
func (c comparison) count(l *look, first inspection.Layer) {
	all := c.of(l.DepartmentID, typeid.StaffID{})
	if l.Layer != first {
		return
	}
	for _, t := range []*accord{all, c.of(l.DepartmentID, l.InspectorID)} {
		s := stratum{l.DepartmentID, l.checklist}
		r := t.visits[s]
		r.Items++
		if l.failed {
			r.Failures++
		}
		t.visits[s] = r
	}
}

// pair adds what two looks found at the same items.
func (c comparison) pair(looks [2]*look) {
	for item, first := range looks[0].outcomes {
		second, both := looks[1].outcomes[item]
		if !both || first == checklist.NotApplicable || second == checklist.NotApplicable {
			continue
		}
		for _, t := range []*accord{c.of(looks[0].DepartmentID, typeid.StaffID{}), c.of(looks[0].DepartmentID, looks[0].InspectorID)} {
			switch {
			case first == checklist.Pass && second == checklist.Pass:
				t.BothPass++
			case first == checklist.Pass:
				t.SecondFails++
			case second == checklist.Pass:
				t.FirstFails++
			default:
				t.BothFail++
			}
		}
	}
}

// agreement is what came of it, in the order of the ids.
func (c comparison) agreement() (*LayerAgreement, error) {
	keys := slices.SortedFunc(maps.Keys(c), func(a, b of) int {
		if order := bytes.Compare(a.department[:], b.department[:]); order != 0 {
			return order
		}
		return bytes.Compare(a.inspector[:], b.inspector[:])
	})
	out := &LayerAgreement{}
	for _, key := range keys {
		t := c[key]
		a := Agreement{DepartmentID: key.department, InspectorID: key.inspector}
		var err error
		if a.Agreement, err = agreement.Compare(t.Counts); err != nil {
			return nil, err
		}
		var others agreement.Record
		for s, r := range t.visits {
			a.Inspections, a.WithFailures = a.Inspections+r.Items, a.WithFailures+r.Failures
			all := c.of(s.department, typeid.StaffID{}).visits[s]
			others.Items, others.Failures = others.Items+all.Items-r.Items, others.Failures+all.Failures-r.Failures
		}
		if key.inspector.IsZero() {
			a.Lenience = agreement.Lenience{Probability: 1} // there are no others
			out.Departments = append(out.Departments, a)
			continue
		}
		if a.Lenience, err = agreement.Doubt(agreement.Record{Items: a.Inspections, Failures: a.WithFailures}, others, doubtBelow); err != nil {
			return nil, err
		}
		out.Inspectors = append(out.Inspectors, a)
	}
	return out, nil
}
