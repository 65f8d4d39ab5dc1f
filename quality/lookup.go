package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// seen turns the outcome of a look-up into what the caller is told: a record that
// does not exist, or is not the viewer's to see, is not found at the path.
//
//	if err := seen(tx.Customer.Get(ctx, id))("customerId"); err != nil {
func seen[T any](_ T, err error) func(path ...string) error {
	return func(path ...string) error {
		switch {
		case err == nil:
			return nil
		case db.IsNotFound(err):
			return notFound(path...)
		default:
			return fmt.Errorf("looking up %s: %w", path[len(path)-1], err)
		}
	}
}

// employed returns a person who works here. One who has left is Invalid at the path.
func employed(ctx context.Context, tx *db.Tx, id typeid.StaffID, path string) (*db.Staff, error) {
	person, err := tx.Staff.Get(ctx, id)
	if err := seen(person, err)(path); err != nil {
		return nil, err
	}
	if !person.Active {
		return nil, reject(Invalid, text("This person has left.", "该员工已离职。"), path)
	}
	return person, nil
}

// employedAt checks that a person is the viewer's to see, works here and is of the
// site.
func employedAt(ctx context.Context, tx *db.Tx, site typeid.SiteID, id typeid.StaffID, path string) error {
	person, err := employed(ctx, tx, id, path)
	if err != nil {
		return err
	}
	if person.SiteID != site {
		return reject(Invalid, text("This person belongs to another site.", "该员工属于其他营业点。"), path)
	}
	return nil
}

// siteOf returns the site that was named, or the viewer's own, which needs no scope.
func siteOf(ctx context.Context, sites *db.SiteClient, named *typeid.SiteID) (*db.Site, error) {
	id := ent.ViewerFrom(ctx).Site
	if named != nil && (*named != id || id.IsZero()) {
		site, err := sites.Get(ctx, *named)
		return site, seen(site, err)("siteId")
	}
	if id.IsZero() {
		return nil, reject(Required, text("Say which site: your token belongs to none.", "请指定营业点：您的令牌不属于任何营业点。"), "siteId")
	}
	site, err := sites.Get(ent.AsSystem(ctx), id)
	return site, seen(site, err)("siteId")
}
