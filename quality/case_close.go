package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// CloseCase closes a resolved case.
type CloseCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Closure          servicecase.Closure
	Reason           string
}

// CloseCase closes a resolved case after a follow-up in which the customer agreed,
// without one where its kind needs none, or by a manager's decision with a reason
// that is kept (R-CASE-9).
func (s *Service) CloseCase(ctx context.Context, in CloseCase) (*Change[*db.ServiceCase], error) {
	step := rules.Close
	if in.Closure == servicecase.ClosureMANAGER_DECISION {
		step = rules.CloseByDecision
	}
	return s.moveCase(ctx, caseStep{
		name: "caseClose", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: step, action: caseentry.ActionCLOSED, event: EventCaseClosed, changed: []string{"open", "closure", "closedAt"},
		apply: func(_ context.Context, _ *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.text(&in.Reason, maxProse, "reason")
			switch {
			case in.Closure == servicecase.ClosureMERGED:
				bad.add(Invalid, "Merge the case into another to close it so.", "请通过合并个案来关闭。", "closure")
			case in.Closure == servicecase.ClosureCUSTOMER_AGREED && c.AgreedAt == nil:
				t := obstacleTexts[rules.NotAgreed]
				bad.add(Kind(rules.NotAgreed), t.EN, t.ZH, "closure")
			case in.Closure == servicecase.ClosureNO_FOLLOW_UP_NEEDED && c.AgreedAt != nil:
				bad.add(Invalid, "The customer has agreed in a follow-up.", "客户已在回访中确认。", "closure")
			}
			update.SetClosure(in.Closure).SetClosedAt(s.now())
			return outcome{said: decision(in.Reason)}, bad.err()
		},
	})
}
