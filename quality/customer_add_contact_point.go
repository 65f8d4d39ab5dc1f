package quality

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// AddContactPoint is a further way to reach a customer.
type AddContactPoint struct {
	IdempotencyKey   *string
	CustomerID       typeid.CustomerID
	ExpectedRevision int // of the customer
	Kind             contactpoint.Kind
	Channel          *string // the chat service; nil for the other kinds
	Value            string
	Label            *string
	Primary          bool // instead of the one that is; the first of a kind is in any case
}

// chatService is the form of the codes of chat services.
var chatService = regexp.MustCompile(fmt.Sprintf(`^[A-Z][A-Z0-9_]{0,%d}$`, maxChatService-1))

// AddContactPoint adds a telephone number, an e-mail address or a name at a chat
// service to a customer's file (R-CUS-1).
func (s *Service) AddContactPoint(ctx context.Context, in AddContactPoint) (*Change[*db.Customer], error) {
	return s.changeCustomer(ctx, customerChange{
		name: "customerAddContactPoint", key: in.IdempotencyKey, in: in, revision: in.ExpectedRevision,
		event: EventContactPointAdded, changed: []string{"contactPoints"}, find: customerAt(in.CustomerID, "customerId"),
		apply: func(ctx context.Context, tx *db.Tx, c *db.Customer, now time.Time) error {
			p, err := s.checkContactPoint(ctx, tx, c, in)
			if err != nil {
				return err
			}
			points, err := pointsOf(ctx, tx, c.ID)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(points, p.is) {
				return reject(Duplicate, text("The customer has this contact point already.", "该客户已有此联系方式。"), "value")
			}
			if len(points) >= maxContactPoints {
				return tooManyContactPoints()
			}
			old := primaryOf(points, p.kind)
			if old != nil && in.Primary {
				if err := setPrimary(ctx, tx, old.ID, false); err != nil {
					return err
				}
			}
			if err := p.create(tx, c.ID, in.Primary || old == nil, now).Exec(ctx); err != nil {
				return fmt.Errorf("adding a contact point: %w", err)
			}
			return nil
		},
	})
}

// checkContactPoint checks an input and returns what is to be stored. A number is
// written as it is dialled at the customer's site.
func (s *Service) checkContactPoint(ctx context.Context, tx *db.Tx, c *db.Customer, in AddContactPoint) (point, error) {
	var bad check
	bad.text(&in.Value, maxName, "value")
	bad.optional(&in.Label, maxContactLabel, "label")
	switch chat := in.Kind == contactpoint.KindCHAT; {
	case chat && in.Channel == nil:
		bad.add(Required, "Say at which service.", "请指明聊天平台。", "channel")
	case chat && !chatService.MatchString(*in.Channel):
		bad.add(Invalid, fmt.Sprintf("A service is at most %d capitals, digits and underscores, such as WECHAT.", maxChatService),
			fmt.Sprintf("聊天平台代码由大写字母、数字和下划线组成，最多 %d 个字符，例如 WECHAT。", maxChatService), "channel")
	case !chat && in.Channel != nil:
		bad.add(Invalid, "Only a name at a chat service has one.", "只有聊天账号才需要指明聊天平台。", "channel")
	}
	if bad.err() != nil {
		return point{}, bad.err()
	}
	site, err := tx.Site.Get(ent.AsSystem(ctx), c.SiteID)
	if err != nil {
		return point{}, fmt.Errorf("looking up a customer's site: %w", err)
	}
	keys, err := s.keysIn(ctx, tx)
	if err != nil {
		return point{}, err
	}
	p, err := seal(keys, &bad, in.Kind, in.Channel, in.Value, site.Country, "value")
	if err == nil {
		err = bad.err()
	}
	p.label = in.Label
	return p, err
}
