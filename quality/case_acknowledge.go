package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// AcknowledgeCase is the first response to the customer.
type AcknowledgeCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Kind             caseentry.Kind
	Text             *string
}

// AcknowledgeCase records that the customer was told that the case has arrived
// (R-CASE-1). It is the first response, which is given once.
func (s *Service) AcknowledgeCase(ctx context.Context, in AcknowledgeCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseAcknowledge", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Acknowledge, action: caseentry.ActionACKNOWLEDGED, event: EventCaseAcknowledged, changed: []string{"firstResponseAt"},
		apply: func(_ context.Context, _ *db.Tx, _ *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.toCustomer(in.Kind)
			bad.optional(&in.Text, maxProse, "text")
			update.SetFirstResponseAt(s.now())
			var out outcome
			if in.Text != nil {
				out.said = []remark{{in.Kind, caseentry.VisibilityCUSTOMER, *in.Text}}
			}
			return out, bad.err()
		},
	})
}

// toCustomer checks that what is said in lines of a kind is said to the customer.
func (c *check) toCustomer(kind caseentry.Kind) {
	if !outward(kind) {
		c.add(Invalid, "What the customer is told is a message to the customer or a call.", "告知客户的内容应为发给客户的消息或通话。", "kind")
	}
}
