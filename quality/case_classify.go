package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// ClassifyCase says what a case is about.
type ClassifyCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	TopicID          typeid.TopicID
}

// ClassifyCase puts a case under another topic of its site, also when it is closed:
// what it was about often shows only in the end.
func (s *Service) ClassifyCase(ctx context.Context, in ClassifyCase) (*Change[*db.ServiceCase], error) {
	return s.changeCase(ctx, caseChange{
		name: "caseClassify", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Classify, event: EventCaseClassified, changed: []string{"topic"},
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) ([]events.Event, error) {
			update.SetTopicID(in.TopicID)
			return nil, checkTopic(ctx, tx, in.TopicID, c.SiteID)
		},
	})
}
