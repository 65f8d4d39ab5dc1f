package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/absence"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// recipients finds who is to be told, for many alerts of one transaction. It keeps
// whom it has looked up.
type recipients struct {
	client *db.Client
	now    time.Time
	people map[typeid.StaffID]*db.Staff
	absent map[typeid.StaffID]*db.Absence

	managers map[typeid.SiteID][]*db.Staff
}

func newRecipients(tx *db.Tx, now time.Time) *recipients {
	return &recipients{tx.Client(), now, map[typeid.StaffID]*db.Staff{}, map[typeid.StaffID]*db.Absence{}, map[typeid.SiteID][]*db.Staff{}}
}

// recipient is who is told, and for whom that person stands in.
type recipient struct{ to, insteadOf typeid.StaffID }

// find returns who is to be told at a level above the person responsible (R-ORG-1,
// R-CASE-5). Who has left is skipped, and so is who is absent with nobody to stand in.
// Where the line is shorter, the last of it is told again, and where there is none at
// all, those who manage the site.
func (r *recipients) find(ctx context.Context, c *db.ServiceCase, target rules.DeadlineTarget, level int) (recipient, error) {
	responsible := c.AssigneeID
	if target == rules.AcceptBy && !c.DispatchedToID.IsZero() {
		responsible = c.DispatchedToID
	}
	if responsible.IsZero() {
		responsible = c.ReceivedByID
	}
	var last recipient
	reached, seen := 0, map[typeid.StaffID]bool{}
	for id := responsible; !id.IsZero() && !seen[id]; {
		seen[id] = true
		person, err := r.person(ctx, id)
		if err != nil {
			return last, err
		}
		stands, err := r.standsIn(ctx, person)
		if err != nil {
			return last, err
		}
		if !stands.to.IsZero() {
			if reached == level {
				return stands, nil
			}
			reached++
			if id != responsible {
				last = stands
			}
		}
		id = person.SupervisorID
	}
	if !last.to.IsZero() {
		return last, nil
	}
	return r.manager(ctx, c)
}

// standsIn returns who can be told in a person's place: the person, or whoever stands
// in while the person is out of office. It is nobody where neither is there.
func (r *recipients) standsIn(ctx context.Context, person *db.Staff) (recipient, error) {
	found := recipient{to: person.ID}
	seen := map[typeid.StaffID]bool{}
	for !seen[found.to] {
		seen[found.to] = true
		at, err := r.person(ctx, found.to)
		if err != nil {
			return recipient{}, err
		}
		if !at.Active {
			return recipient{}, nil
		}
		out, err := r.absence(ctx, found.to)
		if err != nil {
			return recipient{}, err
		}
		if out == nil {
			return found, nil
		}
		if out.DelegateID.IsZero() {
			return recipient{}, nil
		}
		found = recipient{to: out.DelegateID, insteadOf: person.ID}
	}
	return recipient{}, nil // they stand in for each other
}

// manager returns somebody who manages the case's site, or else the company.
func (r *recipients) manager(ctx context.Context, c *db.ServiceCase) (recipient, error) {
	managers, known := r.managers[c.SiteID]
	if !known {
		for _, role := range []staff.Role{staff.RoleSITE_MANAGER, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR} {
			q := r.client.Staff.Query().Where(staff.RoleEQ(role), staff.Active(true)).Order(staff.ByCreatedAt(), staff.ByID()).Limit(10)
			if role == staff.RoleSITE_MANAGER {
				q.Where(staff.SiteID(c.SiteID))
			}
			some, err := q.All(ent.AsSystem(ctx))
			if err != nil {
				return recipient{}, fmt.Errorf("looking for a manager: %w", err)
			}
			managers = append(managers, some...)
		}
		r.managers[c.SiteID] = managers
	}
	for _, person := range managers {
		if stands, err := r.standsIn(ctx, person); err != nil || !stands.to.IsZero() {
			return stands, err
		}
	}
	return recipient{}, nil
}

func (r *recipients) person(ctx context.Context, id typeid.StaffID) (*db.Staff, error) {
	if known := r.people[id]; known != nil {
		return known, nil
	}
	person, err := r.client.Staff.Get(ent.AsSystem(ctx), id)
	if err != nil {
		return nil, fmt.Errorf("looking up who is to be told: %w", err)
	}
	r.people[id] = person
	return person, nil
}

// absence returns the absence of a person that there is now, nil for none. Of several
// the one that was entered last holds.
func (r *recipients) absence(ctx context.Context, id typeid.StaffID) (*db.Absence, error) {
	if out, known := r.absent[id]; known {
		return out, nil
	}
	out, err := r.client.Absence.Query().Where(absence.StaffID(id), absence.FromAtLTE(r.now), absence.UntilAtGT(r.now)).
		Order(db.Desc(absence.FieldCreatedAt), db.Desc(absence.FieldID)).First(ent.AsSystem(ctx))
	if err != nil && !db.IsNotFound(err) {
		return nil, fmt.Errorf("looking up an absence: %w", err)
	}
	r.absent[id] = out
	return out, nil
}
