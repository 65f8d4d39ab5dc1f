package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// ReplyCase tells the customer the outcome.
type ReplyCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Kind             caseentry.Kind
	Text             string
}

// ReplyCase records how the customer was told the outcome (R-CASE-8). Where nothing
// was said before, it is the first response, too.
func (s *Service) ReplyCase(ctx context.Context, in ReplyCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseReply", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Reply, action: caseentry.ActionREPLIED, event: EventCaseReplied, changed: []string{"answeredAt", "firstResponseAt"},
		apply: func(_ context.Context, _ *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.toCustomer(in.Kind)
			bad.text(&in.Text, maxProse, "text")
			now := s.now()
			update.SetAnsweredAt(now)
			if c.FirstResponseAt == nil {
				update.SetFirstResponseAt(now)
			}
			return outcome{said: []remark{{in.Kind, caseentry.VisibilityCUSTOMER, in.Text}}}, bad.err()
		},
	})
}
