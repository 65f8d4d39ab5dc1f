package sdk

import (
	"math"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/checklistpb"
)

// inspectionToPB refuses an answer with two values, which has no form on the
// wire, with a *checklist.InputError.
func inspectionToPB(in checklist.Inspection) (*checklistpb.Inspection, error) {
	answers, err := answersToPB(in.Answers)
	if err != nil {
		return nil, err
	}
	return &checklistpb.Inspection{
		Checklist: in.Checklist, Answers: answers,
		Adjustments: each(in.Adjustments, func(a checklist.Adjustment) *checklistpb.Adjustment {
			out := &checklistpb.Adjustment{Item: a.Item, Weight: a.Weight}
			if a.Limits != nil {
				out.Limits = limitsToPB(*a.Limits)
			}
			return out
		}),
	}, nil
}

func answersToPB(answers []checklist.Answer) ([]*checklistpb.Answer, error) {
	var problems []checklist.Problem
	for _, a := range answers {
		if a.Values() > 1 {
			problems = append(problems, checklist.Problem{Item: a.Item, Code: checklist.WrongKind, Text: checklist.Text{
				EN: "Give one answer, not several.", ZH: "只填写一个答案，不能同时填写多个。",
			}})
		}
	}
	if len(problems) > 0 {
		return nil, &checklist.InputError{Problems: problems}
	}
	return each(answers, answerToPB), nil
}

func answerToPB(a checklist.Answer) *checklistpb.Answer {
	out := &checklistpb.Answer{
		Item: a.Item, NotApplicable: a.NotApplicable,
		Evidence: uint32(max(0, min(a.Evidence, math.MaxInt32))),
	}
	switch {
	case a.Yes != nil:
		out.Value = &checklistpb.Answer_Yes{Yes: *a.Yes}
	case a.Choice != nil:
		out.Value = &checklistpb.Answer_Choice{Choice: *a.Choice}
	case a.Choices != nil:
		out.Value = &checklistpb.Answer_Choices{Choices: &checklistpb.Choices{Ids: a.Choices}}
	case a.Number != nil:
		out.Value = &checklistpb.Answer_Number{Number: *a.Number}
	case a.Seconds != nil:
		out.Value = &checklistpb.Answer_Seconds{Seconds: *a.Seconds}
	case a.Filled:
		out.Value = &checklistpb.Answer_Filled{Filled: true}
	}
	return out
}

func inspectionFromPB(in *checklistpb.Inspection) checklist.Inspection {
	out := checklist.Inspection{Checklist: in.GetChecklist(), Answers: each(in.GetAnswers(), answerFromPB)}
	for _, a := range in.GetAdjustments() {
		adjustment := checklist.Adjustment{Item: a.GetItem(), Weight: a.Weight}
		if a.Limits != nil {
			limits := limitsFromPB(a.Limits)
			adjustment.Limits = &limits
		}
		out.Adjustments = append(out.Adjustments, adjustment)
	}
	return out
}

func answerFromPB(a *checklistpb.Answer) checklist.Answer {
	out := checklist.Answer{Item: a.GetItem(), NotApplicable: a.GetNotApplicable(), Evidence: int(a.GetEvidence())}
	switch v := a.GetValue().(type) {
	case *checklistpb.Answer_Yes:
		out.Yes = &v.Yes
	case *checklistpb.Answer_Choice:
		out.Choice = &v.Choice
	case *checklistpb.Answer_Choices:
		out.Choices = append([]string{}, v.Choices.GetIds()...) // none chosen is an answer, too
	case *checklistpb.Answer_Number:
		out.Number = &v.Number
	case *checklistpb.Answer_Seconds:
		out.Seconds = &v.Seconds
	case *checklistpb.Answer_Filled:
		out.Filled = v.Filled
	}
	return out
}
