package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/events"
)

// FirstAdministrator makes the administrator of an empty database, with a site and
// a department to belong to and an access token, and returns the token: all of it
// or nothing, for without the token nobody could get in. For a database that has
// staff already it does nothing and returns "".
func (s *Service) FirstAdministrator(ctx context.Context) (secret string, err error) {
	ctx = ent.AsSystem(ctx)
	err = ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		known, err := tx.Staff.Query().Exist(ctx)
		if err != nil || known {
			return err
		}
		now := s.now()
		office, err := tx.Site.Create().SetCode("head-office").SetName("Head office").SetKind(site.KindOTHER).
			SetCountry("CN").SetTimeZone("Asia/Shanghai").SetCreatedAt(now).Save(ctx)
		if err != nil {
			return err
		}
		d, err := tx.Department.Create().SetSiteID(office.ID).SetCode("administration").SetName("Administration").
			SetPath("head-office/administration/").SetCreatedAt(now).Save(ctx)
		if err != nil {
			return err
		}
		admin, err := tx.Staff.Create().SetSiteID(office.ID).SetDepartmentID(d.ID).SetCode("administrator").SetName("Administrator").
			SetRole(staff.RoleADMINISTRATOR).SetCreatedAt(now).SetUpdatedAt(now).Save(ctx)
		if err != nil {
			return err
		}
		if secret, _, err = s.storeToken(ctx, tx, IssueToken{Name: "first start", Staff: &admin.ID}); err != nil {
			return err
		}
		_, err = s.events.Append(ctx, tx,
			events.Event{Kind: EventSiteCreated, Subject: office.ID.String(), At: now, Site: office.ID},
			events.Event{Kind: EventDepartmentCreated, Subject: d.ID.String(), At: now, Site: office.ID, Department: d.ID},
			events.Event{Kind: EventStaffCreated, Subject: admin.ID.String(), At: now, Site: office.ID, Department: d.ID})
		return err
	})
	if db.IsConstraintError(err) { // another server was first
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("making the first administrator: %w", err)
	}
	return secret, nil
}
