package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// AssessCase says what a suggestion is about, and how much it matters.
type AssessCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	TopicID          *typeid.TopicID // nil where the case has one already, and keeps it
	Importance       servicecase.Importance
	Reason           string
}

// AssessCase classifies a suggestion (R-CASE-11): by what it is about, and by whether
// management has to hear of it and decides on it.
func (s *Service) AssessCase(ctx context.Context, in AssessCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseAssess", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Assess, action: caseentry.ActionASSESSED, event: EventCaseAssessed, changed: []string{"importance", "topic"},
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.text(&in.Reason, maxProse, "reason")
			if in.TopicID == nil && c.TopicID.IsZero() {
				bad.add(Required, "Say what the suggestion is about.", "请选择建议所属的主题。", "topicId")
			}
			if bad.err() != nil {
				return outcome{}, bad.err()
			}
			if in.TopicID != nil {
				if err := checkTopic(ctx, tx, *in.TopicID, c.SiteID); err != nil {
					return outcome{}, err
				}
				update.SetTopicID(*in.TopicID)
			}
			update.SetImportance(in.Importance)
			return outcome{said: decision(in.Reason)}, nil
		},
	})
}
