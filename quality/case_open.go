package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// OpenCase is a case to register. Nil means what the API's input says of what is
// left out.
type OpenCase struct {
	IdempotencyKey *string
	SiteID         *typeid.SiteID
	CustomerID     *typeid.CustomerID
	Kind           servicecase.Kind
	Channel        servicecase.Channel
	Severity       servicecase.Severity
	TopicID        *typeid.TopicID
	TopicText      *string
	Subject        string
	Description    *string
	Product        *string
	OrderReference *string
	DesiredRemedy  *string
	Anonymous      bool
	OpenedAt       *time.Time
	DueAt          *time.Time
	ExternalID     *string
}

// OpenCase registers a case. Whoever registers it answers for it until somebody
// accepts it (R-CASE-2, R-CASE-3).
func (s *Service) OpenCase(ctx context.Context, in OpenCase) (*Change[*db.ServiceCase], error) {
	var site *db.Site
	var number string
	promised := in.DueAt != nil
	return run(ctx, s, useCase[*db.ServiceCase]{
		area: ent.Cases, name: "caseOpen", key: in.IdempotencyKey, in: in, read: s.readCase,
		prepare: func(ctx context.Context) (err error) {
			if err := s.checkOpenCase(&in); err != nil {
				return err
			}
			if site, err = siteOf(ctx, s.db.Site, in.SiteID); err != nil {
				return err
			}
			number, err = s.caseNumber(ctx, site, *in.OpenedAt)
			return err
		},
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.ServiceCase], error) {
			var none effect[*db.ServiceCase]
			if in.CustomerID != nil {
				named, err := tx.Customer.Get(ctx, *in.CustomerID)
				if err := seen(named, err)("customerId"); err != nil {
					return none, err
				}
				if err := refuseMerged(named, "customerId"); err != nil {
					return none, err
				}
			}
			if in.TopicID != nil {
				if err := checkTopic(ctx, tx, *in.TopicID, site.ID); err != nil {
					return none, err
				}
			}
			if err := refuseKnownCase(ctx, tx, in.ExternalID); err != nil {
				return none, err
			}
			now, viewer := s.now(), ent.ViewerFrom(ctx)
			create := tx.ServiceCase.Create().
				SetNumber(number).SetSiteID(site.ID).SetNillableCustomerID(in.CustomerID).
				SetReceivedByID(viewer.Staff).SetAssigneeID(viewer.Staff).
				SetKind(in.Kind).SetChannel(in.Channel).SetSeverity(in.Severity).
				SetNillableTopicID(in.TopicID).SetNillableTopicText(in.TopicText).SetSubject(in.Subject).SetNillableDescription(in.Description).
				SetNillableProduct(in.Product).SetNillableOrderReference(in.OrderReference).
				SetNillableDesiredRemedy(in.DesiredRemedy).SetAnonymous(in.Anonymous).SetNillableExternalID(in.ExternalID).
				SetOpenedAt(*in.OpenedAt).SetDueAt(*in.DueAt).SetDuePromised(promised).SetUpdatedAt(now)
			c, err := create.Save(ctx)
			if err != nil {
				return none, fmt.Errorf("registering a case: %w", err)
			}
			made, err := s.tick(ctx, tx, nil, c, rules.Open, now)
			if err != nil {
				return none, err
			}
			if err := recordStep(ctx, tx, c.ID, stepLine{action: caseentry.ActionOPENED}, now); err != nil {
				return none, err
			}
			e := effect[*db.ServiceCase]{
				object: c.Unwrap(), ids: []string{c.ID.String()},
				events: append([]events.Event{caseEvent(EventCaseOpened, c, now)}, made...),
			}
			if c.DueAt.Before(now) {
				e.warnings = []Warning{{DeadlinePassed, text("The deadline had passed when the case was registered.", "登记时处理期限已过。")}}
			}
			return e, nil
		},
	})
}

// checkOpenCase completes an input and says what is wrong with it.
func (s *Service) checkOpenCase(in *OpenCase) error {
	var c check
	now := s.now()
	c.line(&in.Subject, maxSubject, "subject")
	c.optional(&in.TopicText, maxTopic, "topicText")
	c.optional(&in.Description, maxProse, "description")
	c.optional(&in.Product, maxProduct, "product")
	c.optional(&in.OrderReference, maxProduct, "orderReference")
	c.optional(&in.DesiredRemedy, maxRemedy, "desiredRemedy")
	c.optional(&in.ExternalID, maxForeign, "externalId")
	if in.Anonymous && in.CustomerID != nil {
		c.add(Invalid, "A customer who does not want to be named is not named.", "匿名个案不能填写客户。", "customerId")
	}
	opened := now
	if in.OpenedAt != nil {
		opened = in.OpenedAt.UTC().Truncate(time.Microsecond)
		c.notAfter(earliest, opened, "Records begin with the year 1970.", "记录始于 1970 年。", "openedAt")
		c.notAfter(opened, now, "A case cannot be opened in the future.", "登记时间不能晚于当前时间。", "openedAt")
	}
	due := s.deadlines.Due(in.Severity, opened)
	if in.DueAt != nil {
		due = in.DueAt.UTC().Truncate(time.Microsecond)
		c.notAfter(opened, due, "The deadline must not lie before the case was opened.", "处理期限不能早于登记时间。", "dueAt")
	}
	in.OpenedAt, in.DueAt = &opened, &due
	return c.err()
}

func refuseKnownCase(ctx context.Context, tx *db.Tx, externalID *string) error {
	if externalID == nil {
		return nil
	}
	known, err := tx.ServiceCase.Query().Where(servicecase.ExternalID(*externalID)).Exist(ent.AsSystem(ctx))
	if err != nil {
		return fmt.Errorf("looking up a case by its foreign id: %w", err)
	}
	if known {
		return reject(Duplicate, text("There is a case with this external id already.", "已存在相同外部编号的个案。"), "externalId")
	}
	return nil
}
