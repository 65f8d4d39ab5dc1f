package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/conductproposal"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// proposeConduct keeps the proposal for the conduct ledger in line with what an
// investigation found: a substantiated complaint caused by a person's service leaves
// one for that person (R-APP-4), and one that no longer holds is withdrawn.
func (s *Service) proposeConduct(ctx context.Context, tx *db.Tx, c *db.ServiceCase, found *db.CaseInvestigation, person *db.Staff, now time.Time) ([]events.Event, error) {
	ctx = ent.AsSystem(ctx) // whoever investigates need not see the ledger
	earlier, err := tx.ConductProposal.Query().
		Where(conductproposal.CaseID(c.ID), conductproposal.StatusEQ(conductproposal.StatusPROPOSED)).Only(ctx)
	if err != nil && !db.IsNotFound(err) {
		return nil, fmt.Errorf("looking up a conduct proposal: %w", err)
	}
	if c.Kind != servicecase.KindCOMPLAINT || !found.ServiceCaused {
		person = nil
	}
	if earlier != nil && person != nil && earlier.PersonID == person.ID {
		return nil, nil
	}
	var told []events.Event
	if earlier != nil {
		err := earlier.Update().SetStatus(conductproposal.StatusWITHDRAWN).AddRevision(1).SetUpdatedAt(now).Exec(ctx)
		if err != nil {
			return nil, fmt.Errorf("withdrawing a conduct proposal: %w", err)
		}
		told = append(told, conductEvent(EventConductWithdrawn, earlier, now, "status", "revision"))
	}
	if person == nil {
		return told, nil
	}
	first, err := firstResponsible(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	p := s.penalty
	proposal, err := tx.ConductProposal.Create().SetCaseID(c.ID).SetInvestigationID(found.ID).SetPersonID(person.ID).
		SetSiteID(person.SiteID).SetDepartmentID(person.DepartmentID).SetFirstResponsibleID(first).
		SetRule(conductproposal.RuleSUBSTANTIATED_COMPLAINT).SetCurrency(p.Currency).
		SetPersonFrom(p.PersonFrom).SetPersonTo(p.PersonTo).SetFirstFrom(p.FirstFrom).SetFirstTo(p.FirstTo).
		SetProposedAt(now).SetUpdatedAt(now).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("proposing for the conduct ledger: %w", err)
	}
	return append(told, conductEvent(EventConductProposed, proposal, now)), nil
}

func conductEvent(kind string, p *db.ConductProposal, now time.Time, changed ...string) events.Event {
	return events.Event{Kind: kind, Subject: p.ID.String(), Changed: changed, At: now, Site: p.SiteID, Department: p.DepartmentID}
}

// maxChain bounds the way up the chain of management, which data could make a circle.
const maxChain = 20

// firstResponsible returns the manager of the site whom a person reports to, directly
// or not, else the site's longest-serving one; zero where the person is that manager,
// or the site has none.
func firstResponsible(ctx context.Context, tx *db.Tx, person *db.Staff) (typeid.StaffID, error) {
	none := typeid.StaffID{}
	at := person
	for range maxChain {
		if at.Role == staff.RoleSITE_MANAGER && at.SiteID == person.SiteID {
			if at.ID == person.ID {
				return none, nil
			}
			return at.ID, nil
		}
		if at.SupervisorID.IsZero() {
			break
		}
		above, err := tx.Staff.Get(ctx, at.SupervisorID)
		if err != nil {
			return none, fmt.Errorf("going up the chain of management: %w", err)
		}
		at = above
	}
	manager, err := tx.Staff.Query().Where(staff.SiteID(person.SiteID), staff.RoleEQ(staff.RoleSITE_MANAGER), staff.Active(true), staff.IDNEQ(person.ID)).
		Order(db.Asc(staff.FieldCreatedAt, staff.FieldID)).First(ctx)
	if db.IsNotFound(err) {
		return none, nil
	}
	if err != nil {
		return none, fmt.Errorf("looking up the manager of a site: %w", err)
	}
	return manager.ID, nil
}
