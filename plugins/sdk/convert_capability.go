package sdk

import (
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/checklistpb"
)

func problemToPB(p checklist.Problem) *checklistpb.Problem {
	return &checklistpb.Problem{
		Item: p.Item, Text: textToPB(p.Text),
		Code: number[checklistpb.ProblemCode](checklistpb.ProblemCode_value, problemPrefix, p.Code),
	}
}

func problemFromPB(p *checklistpb.Problem) checklist.Problem {
	return checklist.Problem{Item: p.GetItem(), Code: name[checklist.ProblemCode](p.GetCode(), problemPrefix), Text: textFromPB(p.GetText())}
}

func factsToPB(about checklist.Facts) *checklistpb.SuggestRequest {
	return &checklistpb.SuggestRequest{
		Checklist: about.Checklist,
		Facts: each(about.Facts, func(f checklist.Fact) *checklistpb.Fact {
			out := &checklistpb.Fact{Name: f.Name}
			switch {
			case f.Yes != nil:
				out.Value = &checklistpb.Fact_Yes{Yes: *f.Yes}
			case f.Number != nil:
				out.Value = &checklistpb.Fact_Number{Number: *f.Number}
			}
			return out
		}),
	}
}

func factsFromPB(about *checklistpb.SuggestRequest) checklist.Facts {
	return checklist.Facts{
		Checklist: about.GetChecklist(),
		Facts: each(about.GetFacts(), func(f *checklistpb.Fact) checklist.Fact {
			out := checklist.Fact{Name: f.GetName()}
			switch v := f.GetValue().(type) {
			case *checklistpb.Fact_Yes:
				out.Yes = &v.Yes
			case *checklistpb.Fact_Number:
				out.Number = &v.Number
			}
			return out
		}),
	}
}

func suggestionToPB(s checklist.Suggestion) *checklistpb.Suggestion {
	return &checklistpb.Suggestion{Answer: answerToPB(s.Answer), Reason: textToPB(s.Reason)}
}

func suggestionFromPB(s *checklistpb.Suggestion) checklist.Suggestion {
	return checklist.Suggestion{Answer: answerFromPB(s.GetAnswer()), Reason: textFromPB(s.GetReason())}
}

func upgradedToPB(u checklist.Upgraded) *checklistpb.UpgradeResponse {
	return &checklistpb.UpgradeResponse{
		Moves: each(u.Moves, func(m checklist.Move) *checklistpb.Move {
			return &checklistpb.Move{From: m.From, Answer: answerToPB(m.Answer)}
		}),
		Losses: each(u.Losses, func(l checklist.Loss) *checklistpb.Loss {
			return &checklistpb.Loss{Item: l.Item, Reason: textToPB(l.Reason)}
		}),
	}
}

func upgradedFromPB(u *checklistpb.UpgradeResponse) checklist.Upgraded {
	return checklist.Upgraded{
		Moves: each(u.GetMoves(), func(m *checklistpb.Move) checklist.Move {
			return checklist.Move{From: m.GetFrom(), Answer: answerFromPB(m.GetAnswer())}
		}),
		Losses: each(u.GetLosses(), func(l *checklistpb.Loss) checklist.Loss {
			return checklist.Loss{Item: l.GetItem(), Reason: textFromPB(l.GetReason())}
		}),
	}
}

// verdictToPB gives an error the fault that it would have in Judge. What a plugin
// says of its own mistakes stays with it: only who is to blame is told.
func verdictToPB(v checklist.Verdict) *checklistpb.Verdict {
	if v.Err != nil {
		return &checklistpb.Verdict{Result: &checklistpb.Verdict_Fault{Fault: blame(v.Err)}}
	}
	return &checklistpb.Verdict{Result: &checklistpb.Verdict_Judgement{Judgement: judgementToPB(v.Judgement)}}
}

func verdictFromPB(v *checklistpb.Verdict) checklist.Verdict {
	switch result := v.GetResult().(type) {
	case *checklistpb.Verdict_Judgement:
		return checklist.Verdict{Judgement: judgementFromPB(result.Judgement)}
	case *checklistpb.Verdict_Fault:
		return checklist.Verdict{Err: blamed(result.Fault)}
	}
	return checklist.Verdict{Err: &AnswerError{Path: "verdicts", Reason: "hold neither a judgement nor a fault"}}
}
