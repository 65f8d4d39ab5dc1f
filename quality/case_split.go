package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/caselink"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// SplitCase makes a part of a case a case of its own.
type SplitCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Subject          string
	Kind             *servicecase.Kind
	Severity         *servicecase.Severity
	EntryIDs         []typeid.CaseEntryID
	Reason           string
}

// maxSplitLines bounds the lines that go along with a part of a case.
const maxSplitLines = 100

// SplitCase makes a part of a case a case of its own, of the same customer. The lines
// that are named are copied into its timeline. It answers with the new case, for
// which whoever split it answers until somebody accepts it.
func (s *Service) SplitCase(ctx context.Context, in SplitCase) (*Change[*db.ServiceCase], error) {
	var number string
	return s.moveCase(ctx, caseStep{
		name: "caseSplit", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Split, action: caseentry.ActionSPLIT, event: EventCaseSplit, changed: []string{"links"},
		prepare: func(ctx context.Context) error {
			var bad check
			bad.line(&in.Subject, maxSubject, "subject")
			bad.text(&in.Reason, maxProse, "reason")
			if len(in.EntryIDs) > maxSplitLines {
				bad.add(TooLong, fmt.Sprintf("At most %d lines go along.", maxSplitLines), fmt.Sprintf("最多可带走 %d 条记录。", maxSplitLines), "entryIds")
			}
			if bad.err() != nil {
				return bad.err()
			}
			c, err := s.db.ServiceCase.Get(ctx, in.ID)
			if err := seen(c, err)("id"); err != nil {
				return err
			}
			site, err := s.db.Site.Get(ent.AsSystem(ctx), c.SiteID)
			if err != nil {
				return fmt.Errorf("looking up a case's site: %w", err)
			}
			number, err = s.caseNumber(ctx, site, s.now())
			return err
		},
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, _ *db.ServiceCaseUpdateOne) (outcome, error) {
			lines, err := tx.CaseEntry.Query().Where(caseentry.CaseID(c.ID), caseentry.IDIn(in.EntryIDs...)).
				Order(caseentry.ByAt(), caseentry.ByID()).All(ctx)
			if err != nil {
				return outcome{}, fmt.Errorf("reading a case's timeline: %w", err)
			}
			wanted := map[typeid.CaseEntryID]bool{}
			for _, id := range in.EntryIDs {
				wanted[id] = true
			}
			if len(lines) != len(wanted) {
				return outcome{}, notFound("entryIds")
			}
			part, made, err := s.openPart(ctx, tx, c, in, number)
			if err != nil {
				return outcome{}, err
			}
			now := part.UpdatedAt
			if err := copyLines(ctx, tx, lines, part.ID); err != nil {
				return outcome{}, err
			}
			return outcome{line: stepLine{other: part.ID}, said: decision(in.Reason), events: made, object: part.Unwrap()},
				link(ctx, tx, c.ID, caselink.KindSPLIT_INTO, part.ID, now)
		},
	})
}

// openPart opens the case that a part of another becomes.
func (s *Service) openPart(ctx context.Context, tx *db.Tx, of *db.ServiceCase, in SplitCase, number string) (*db.ServiceCase, []events.Event, error) {
	kind, severity := of.Kind, of.Severity
	if in.Kind != nil {
		kind = *in.Kind
	}
	if in.Severity != nil {
		severity = *in.Severity
	}
	now, viewer := s.now(), ent.ViewerFrom(ctx)
	c, err := tx.ServiceCase.Create().SetNumber(number).SetSiteID(of.SiteID).SetCustomerID(of.CustomerID).SetAnonymous(of.Anonymous).
		SetReceivedByID(viewer.Staff).SetAssigneeID(viewer.Staff).SetKind(kind).SetChannel(of.Channel).SetSeverity(severity).
		SetSubject(in.Subject).SetNillableProduct(of.Product).SetNillableOrderReference(of.OrderReference).
		SetOpenedAt(now).SetDueAt(s.deadlines.Due(severity, now)).SetUpdatedAt(now).Save(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("registering a part of a case: %w", err)
	}
	made, err := s.tick(ctx, tx, nil, c, rules.Open, now)
	if err != nil {
		return nil, nil, err
	}
	return c, append([]events.Event{caseEvent(EventCaseOpened, c, now)}, made...),
		recordStep(ctx, tx, c.ID, stepLine{action: caseentry.ActionOPENED_BY_SPLIT, other: of.ID}, now)
}
