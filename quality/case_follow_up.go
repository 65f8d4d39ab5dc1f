package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/casefollowup"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// FollowUpCase is an attempt to hear from the customer whether a case is solved.
type FollowUpCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Channel          casefollowup.Channel
	Outcome          casefollowup.Outcome
	Word             *string
	Satisfaction     *int
	CallAgainAt      *time.Time
}

// FollowUpCase records an attempt to hear from the customer whether a resolved case
// is solved. A customer who says that it is not reopens it, which counts (R-CASE-9).
func (s *Service) FollowUpCase(ctx context.Context, in FollowUpCase) (*Change[*db.ServiceCase], error) {
	m := caseStep{
		name: "caseFollowUp", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.FollowUp, action: caseentry.ActionFOLLOWED_UP, event: EventCaseFollowedUp, changed: []string{"followUps"},
	}
	switch in.Outcome {
	case casefollowup.OutcomeAGREED:
		m.step, m.changed = rules.Agree, []string{"followUps", "agreedAt"}
	case casefollowup.OutcomeNOT_SOLVED:
		m.step, m.action, m.event, m.changed = rules.Disagree, caseentry.ActionREOPENED, EventCaseReopened, append([]string{"followUps"}, reopened...)
	}
	m.apply = func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
		now := s.now()
		if err := in.check(now); err != nil {
			return outcome{}, err
		}
		if in.Satisfaction != nil {
			update.SetSatisfaction(*in.Satisfaction)
		}
		switch m.step {
		case rules.Agree:
			update.SetAgreedAt(now)
		case rules.Disagree:
			undoResolution(c, update)
		}
		attempt := tx.CaseFollowUp.Create().SetCaseID(c.ID).SetAuthorID(ent.ViewerFrom(ctx).Staff).SetChannel(in.Channel).
			SetOutcome(in.Outcome).SetNillableWord(in.Word).SetNillableSatisfaction(in.Satisfaction).SetNillableCallAgainAt(in.CallAgainAt).SetAt(now)
		if err := attempt.Exec(ctx); err != nil {
			return outcome{}, fmt.Errorf("recording a follow-up: %w", err)
		}
		var out outcome
		if in.Word != nil {
			out.said = []remark{{caseentry.KindCALL, caseentry.VisibilityINTERNAL, *in.Word}}
		}
		return out, nil
	}
	return s.moveCase(ctx, m)
}

// check completes a follow-up and says what is wrong with it.
func (in *FollowUpCase) check(now time.Time) error {
	var bad check
	bad.optional(&in.Word, maxProse, "word")
	switch {
	case in.Outcome == casefollowup.OutcomeNOT_REACHED && in.Word != nil:
		bad.add(Invalid, "Nobody was reached who could have said it.", "未联系到客户，不应填写客户意见。", "word")
	case in.Outcome != casefollowup.OutcomeNOT_REACHED && in.Word == nil:
		bad.add(Required, "Say what the customer said.", "请填写客户意见。", "word")
	}
	switch said := in.Satisfaction; {
	case said != nil && (*said < 1 || *said > 5):
		bad.add(Invalid, "Satisfaction is a number from 1 to 5.", "满意度必须是 1 到 5 的整数。", "satisfaction")
	case said != nil && in.Outcome == casefollowup.OutcomeNOT_REACHED:
		bad.add(Invalid, "Nobody was reached who could have said it.", "未联系到客户，不应填写满意度。", "satisfaction")
	}
	switch again := in.Outcome == casefollowup.OutcomeCALL_AGAIN; {
	case again && in.CallAgainAt == nil:
		bad.add(Required, "Say when the customer wants to be called again.", "请填写客户希望再次联系的时间。", "callAgainAt")
	case !again && in.CallAgainAt != nil && in.Outcome != casefollowup.OutcomeNOT_REACHED:
		bad.add(Invalid, "The customer is not to be called again.", "该结果无需再次联系客户。", "callAgainAt")
	}
	bad.ahead(in.CallAgainAt, now, "callAgainAt")
	if in.CallAgainAt != nil {
		in.CallAgainAt = new(in.CallAgainAt.UTC().Truncate(time.Microsecond))
	}
	return bad.err()
}
