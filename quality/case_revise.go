package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// ReviseCase puts right what was registered of a case. What is nil stays; a text that
// is empty is taken away.
type ReviseCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Severity         *servicecase.Severity
	Subject          *string
	Product          *string
	OrderReference   *string
	DesiredRemedy    *string
	Reason           string
}

// ReviseCase puts right what was registered of a case, with a reason that is kept.
func (s *Service) ReviseCase(ctx context.Context, in ReviseCase) (*Change[*db.ServiceCase], error) {
	m := caseStep{
		name: "caseRevise", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Revise, action: caseentry.ActionREVISED, event: EventCaseRevised, changed: in.changed(),
	}
	m.apply = func(_ context.Context, _ *db.Tx, _ *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
		var bad check
		bad.text(&in.Reason, maxProse, "reason")
		if len(m.changed) == 0 {
			bad.add(Required, "Say what to change.", "请填写要修改的内容。")
		}
		if in.Severity != nil {
			update.SetSeverity(*in.Severity)
		}
		if in.Subject != nil {
			bad.line(in.Subject, maxSubject, "subject")
			update.SetSubject(*in.Subject)
		}
		replace := func(value *string, limit int, path string, set func(string) *db.ServiceCaseUpdateOne, clear func() *db.ServiceCaseUpdateOne) {
			given := value != nil
			if bad.optional(&value, limit, path); value != nil {
				set(*value)
			} else if given {
				clear()
			}
		}
		replace(in.Product, maxProduct, "product", update.SetProduct, update.ClearProduct)
		replace(in.OrderReference, maxProduct, "orderReference", update.SetOrderReference, update.ClearOrderReference)
		replace(in.DesiredRemedy, maxRemedy, "desiredRemedy", update.SetDesiredRemedy, update.ClearDesiredRemedy)
		return outcome{said: decision(in.Reason)}, bad.err()
	}
	return s.moveCase(ctx, m)
}

// changed are the API fields that a revision sets.
func (in *ReviseCase) changed() []string {
	var fields []string
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"severity", in.Severity != nil}, {"subject", in.Subject != nil}, {"product", in.Product != nil},
		{"orderReference", in.OrderReference != nil}, {"desiredRemedy", in.DesiredRemedy != nil},
	} {
		if f.set {
			fields = append(fields, f.name)
		}
	}
	return fields
}
