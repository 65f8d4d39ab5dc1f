package quality

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/externalid"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// maxExternalIDs bounds the named systems' ids of one customer.
const maxExternalIDs = 20

// codeForm is the form of the codes that a site gives to other systems and to
// preferences.
var codeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,39}$`)

// lowerCode checks a code of a site's own.
func (c *check) lowerCode(value string, path ...string) {
	if !codeForm.MatchString(value) {
		c.add(Invalid, "A code is at most 40 lower-case letters, digits, dots, hyphens and underscores, such as pms.",
			"代码由小写字母、数字、点、连字符和下划线组成，最多 40 个字符，例如 pms。", path...)
	}
}

// CustomerExternalID is what another system calls a customer.
type CustomerExternalID struct {
	IdempotencyKey   *string
	CustomerID       typeid.CustomerID
	ExpectedRevision int    // of the customer
	System           string // the site's code of it
	Value            string
}

// AddExternalID records what another system calls a customer (R-CUS-1). Within a site
// a system calls nobody else so.
func (s *Service) AddExternalID(ctx context.Context, in CustomerExternalID) (*Change[*db.Customer], error) {
	return s.changeCustomer(ctx, externalIDChange(&in, "customerAddExternalId", func(ctx context.Context, tx *db.Tx, c *db.Customer, now time.Time) error {
		system := ent.AsSystem(ctx)
		taken, err := tx.ExternalID.Query().Where(externalid.SiteID(c.SiteID), externalid.System(in.System), externalid.Value(in.Value)).Exist(system)
		if err != nil {
			return fmt.Errorf("looking up an external id: %w", err)
		}
		if taken {
			return reject(Duplicate, text("The site has a customer with this external id already.", "本营业点已存在相同外部编号的客户。"), "value")
		}
		has, err := tx.ExternalID.Query().Where(externalid.CustomerID(c.ID)).Count(system)
		if err != nil {
			return fmt.Errorf("counting external ids: %w", err)
		}
		if has >= maxExternalIDs {
			return reject(Rejected, text(fmt.Sprintf("The customer has %d external ids. Take one away first.", maxExternalIDs),
				fmt.Sprintf("该客户已有 %d 个外部编号，请先移除一个。", maxExternalIDs)))
		}
		if err := tx.ExternalID.Create().SetCustomerID(c.ID).SetSiteID(c.SiteID).SetSystem(in.System).SetValue(in.Value).SetAddedAt(now).Exec(ctx); err != nil {
			return fmt.Errorf("adding an external id: %w", err)
		}
		return nil
	}))
}

// RemoveExternalID takes away what another system called a customer.
func (s *Service) RemoveExternalID(ctx context.Context, in CustomerExternalID) (*Change[*db.Customer], error) {
	return s.changeCustomer(ctx, externalIDChange(&in, "customerRemoveExternalId", func(ctx context.Context, tx *db.Tx, c *db.Customer, _ time.Time) error {
		gone, err := tx.ExternalID.Delete().Where(externalid.CustomerID(c.ID), externalid.System(in.System), externalid.Value(in.Value)).Exec(ent.AsSystem(ctx))
		if err != nil {
			return fmt.Errorf("removing an external id: %w", err)
		}
		if gone == 0 {
			return notFound("value")
		}
		return nil
	}))
}

// externalIDChange is a change of what other systems call a customer.
func externalIDChange(in *CustomerExternalID, name string, apply func(context.Context, *db.Tx, *db.Customer, time.Time) error) customerChange {
	return customerChange{
		name: name, key: in.IdempotencyKey, in: *in, revision: in.ExpectedRevision,
		event: EventCustomerUpdated, changed: []string{"externalIds"}, find: customerAt(in.CustomerID, "customerId"),
		apply: func(ctx context.Context, tx *db.Tx, c *db.Customer, now time.Time) error {
			var bad check
			bad.lowerCode(in.System, "system")
			bad.line(&in.Value, maxForeign, "value")
			if bad.err() != nil {
				return bad.err()
			}
			return apply(ctx, tx, c, now)
		},
	}
}
