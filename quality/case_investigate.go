package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseinvestigation"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// InvestigateCase is what the investigation of a case found.
type InvestigateCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Substantiated    bool
	ServiceCaused    bool
	CauseID          *typeid.CauseID
	DepartmentID     *typeid.DepartmentID
	PersonID         *typeid.StaffID
	Loss             *Money
	Findings         string
}

// InvestigateCase states what the investigation of a case found (R-CASE-10). Until
// the case is closed it can be stated anew; what was stated before is kept.
func (s *Service) InvestigateCase(ctx context.Context, in InvestigateCase) (*Change[*db.ServiceCase], error) {
	return s.changeCase(ctx, caseChange{
		name: "caseInvestigate", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Investigate, event: EventCaseInvestigated, changed: []string{"investigation", "investigations", "substantiated", "cause"},
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) ([]events.Event, error) {
			if err := in.check(c); err != nil {
				return nil, err
			}
			person, err := in.checkReferences(ctx, tx, c)
			if err != nil {
				return nil, err
			}
			now := s.now()
			found, err := in.record(ctx, tx, now)
			if err != nil {
				return nil, err
			}
			update.SetSubstantiated(in.Substantiated).SetCauseID(found.CauseID)
			return s.proposeConduct(ctx, tx, c, found, person, now)
		},
	})
}

// check says what is wrong with the statement by itself.
func (in *InvestigateCase) check(c *db.ServiceCase) error {
	var bad check
	bad.text(&in.Findings, maxProse, "findings")
	if in.ServiceCaused && !in.Substantiated {
		bad.add(Invalid, "What is not substantiated was caused by nobody's service.", "投诉不成立时，不能认定为服务原因。", "serviceCaused")
	}
	if c.Kind == servicecase.KindINCIDENT && in.CauseID == nil {
		bad.add(Required, "The investigation of an incident names its cause.", "事件类个案的调查必须说明原因。", "causeId")
	}
	if in.Loss != nil {
		bad.money(*in.Loss, 0, "loss")
	}
	return bad.err()
}

// checkReferences checks what the statement names, and returns the person
// responsible, nil if none is named. A person may have left meanwhile.
func (in *InvestigateCase) checkReferences(ctx context.Context, tx *db.Tx, c *db.ServiceCase) (*db.Staff, error) {
	if in.CauseID != nil {
		cause, err := tx.Cause.Get(ctx, *in.CauseID)
		if err := seen(cause, err)("causeId"); err != nil {
			return nil, err
		}
		if !cause.Active || !cause.SiteID.IsZero() && cause.SiteID != c.SiteID {
			return nil, reject(Invalid, text("This cause is retired, or another site's.", "该原因已停用，或属于其他营业点。"), "causeId")
		}
	}
	if in.DepartmentID != nil {
		department, err := tx.Department.Get(ctx, *in.DepartmentID)
		if err := seen(department, err)("departmentId"); err != nil {
			return nil, err
		}
		if department.SiteID != c.SiteID {
			return nil, reject(Invalid, text("The department belongs to another site than the case.", "该部门与个案不属于同一营业点。"), "departmentId")
		}
	}
	if in.PersonID == nil {
		return nil, nil
	}
	person, err := tx.Staff.Get(ctx, *in.PersonID)
	if err := seen(person, err)("personId"); err != nil {
		return nil, err
	}
	if person.SiteID != c.SiteID {
		return nil, reject(Invalid, text("This person belongs to another site.", "该员工属于其他营业点。"), "personId")
	}
	return person, nil
}

// record keeps the statement as the next version. Who states another at the same time
// finds the case changed.
func (in *InvestigateCase) record(ctx context.Context, tx *db.Tx, now time.Time) (*db.CaseInvestigation, error) {
	earlier, err := tx.CaseInvestigation.Query().Where(caseinvestigation.CaseID(in.ID)).Count(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("counting the investigations of a case: %w", err)
	}
	create := tx.CaseInvestigation.Create().SetCaseID(in.ID).SetVersion(earlier + 1).SetInvestigatorID(ent.ViewerFrom(ctx).Staff).
		SetSubstantiated(in.Substantiated).SetServiceCaused(in.ServiceCaused).SetNillableCauseID(in.CauseID).
		SetNillableDepartmentID(in.DepartmentID).SetNillablePersonID(in.PersonID).SetFindings(in.Findings).SetAt(now)
	if in.Loss != nil {
		create.SetLoss(in.Loss.Amount).SetCurrency(in.Loss.Currency)
	}
	found, err := create.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("recording an investigation: %w", err)
	}
	return found, nil
}
