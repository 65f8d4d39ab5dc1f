package quality

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casecommendation"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// CommendStaff says whom a commendation names.
type CommendStaff struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	StaffIDs         []typeid.StaffID
	InWriting        *bool // nil: as its channel says
}

// maxCommended bounds the people whom one commendation names.
const maxCommended = 20

// CommendStaff names the people whom a commendation praises, in place of those named
// before: it counts for their awards (R-CASE-13, R-APP-5).
func (s *Service) CommendStaff(ctx context.Context, in CommendStaff) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseCommend", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Commend, action: caseentry.ActionCOMMENDED, event: EventCaseCommended, changed: []string{"commendations"},
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, _ *db.ServiceCaseUpdateOne) (outcome, error) {
			people, err := in.people(ctx, tx, c.SiteID)
			if err == nil {
				err = in.keep(ctx, tx, c, people, s.now())
			}
			return outcome{}, err
		},
	})
}

// people returns whom the input names: each is of the case's site, and may have left
// meanwhile.
func (in *CommendStaff) people(ctx context.Context, tx *db.Tx, site typeid.SiteID) ([]*db.Staff, error) {
	var bad check
	if bad.elements(len(in.StaffIDs), maxCommended, "staffIds"); bad.err() != nil {
		return nil, bad.err()
	}
	people, err := tx.Staff.Query().Where(staff.IDIn(in.StaffIDs...), staff.SiteID(site)).Order(staff.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking up who is commended: %w", err)
	}
	for n, id := range in.StaffIDs {
		if !slices.ContainsFunc(people, func(p *db.Staff) bool { return p.ID == id }) {
			bad.add(NotFound, "There is no such person at the case's site.", "该营业点没有这名员工。", "staffIds", strconv.Itoa(n))
		}
	}
	return people, bad.err()
}

// keep makes the case name these people and nobody else.
func (in *CommendStaff) keep(ctx context.Context, tx *db.Tx, c *db.ServiceCase, people []*db.Staff, now time.Time) error {
	written := rules.InWriting(c.Channel)
	if in.InWriting != nil {
		written = *in.InWriting
	}
	by := ent.ViewerFrom(ctx).Staff
	earlier, err := tx.CaseCommendation.Query().Where(casecommendation.CaseID(c.ID)).All(ent.AsSystem(ctx))
	if err != nil {
		return fmt.Errorf("reading whom a commendation names: %w", err)
	}
	for _, e := range earlier {
		update := e.Update()
		if at := slices.IndexFunc(people, func(p *db.Staff) bool { return p.ID == e.StaffID }); at >= 0 {
			people = slices.Delete(people, at, at+1)
			update.SetInWriting(written).SetNamedByID(by).SetNamedAt(now).ClearWithdrawnAt()
		} else if e.WithdrawnAt == nil {
			update.SetWithdrawnAt(now)
		}
		if err := update.Exec(ctx); err != nil {
			return fmt.Errorf("changing whom a commendation names: %w", err)
		}
	}
	for _, p := range people {
		err := tx.CaseCommendation.Create().SetCaseID(c.ID).SetStaffID(p.ID).SetSiteID(p.SiteID).SetDepartmentID(p.DepartmentID).
			SetNamedByID(by).SetInWriting(written).SetOpenedAt(c.OpenedAt).SetNamedAt(now).Exec(ctx)
		if err != nil {
			return fmt.Errorf("naming somebody in a commendation: %w", err)
		}
	}
	return nil
}

// moveCommendations makes the case that another was merged into name the people whom
// that one named, and reports whether there were any.
func moveCommendations(ctx context.Context, tx *db.Tx, merged, into typeid.CaseID, now time.Time) (bool, error) {
	ctx = ent.AsSystem(ctx)
	rows, err := tx.CaseCommendation.Query().Where(casecommendation.CaseIDIn(merged, into)).All(ctx)
	if err != nil {
		return false, fmt.Errorf("reading whom two commendations name: %w", err)
	}
	there := map[typeid.StaffID]*db.CaseCommendation{}
	for _, row := range rows {
		if row.CaseID == into {
			there[row.StaffID] = row
		}
	}
	moved := false
	for _, row := range rows {
		if row.CaseID == into || row.WithdrawnAt != nil {
			continue
		}
		moved = true
		err := row.Update().SetWithdrawnAt(now).Exec(ctx)
		if known := there[row.StaffID]; err == nil && known == nil {
			err = tx.CaseCommendation.Create().SetCaseID(into).SetStaffID(row.StaffID).SetSiteID(row.SiteID).SetDepartmentID(row.DepartmentID).
				SetNamedByID(row.NamedByID).SetInWriting(row.InWriting).SetOpenedAt(row.OpenedAt).SetNamedAt(now).Exec(ctx)
		} else if err == nil {
			written := row.InWriting || known.InWriting && known.WithdrawnAt == nil
			err = known.Update().SetInWriting(written).SetNamedByID(row.NamedByID).SetNamedAt(now).ClearWithdrawnAt().Exec(ctx)
		}
		if err != nil {
			return false, fmt.Errorf("moving whom a commendation names: %w", err)
		}
	}
	return moved, nil
}
