package graph

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
)

// answerResolver resolves the fields that the answers to all kinds of items have.
type answerResolver[A interface{ Row() *db.Answer }] struct{ *Resolver }

func (r *answerResolver[A]) GivenBy(ctx context.Context, obj *A) (*db.Staff, error) {
	return one(ctx, (*obj).Row(), func(a *db.Answer) typeid.StaffID { return a.GivenByID }, r.staff())
}

// answerLoader reads answers, and gives each the type of its item's kind.
func (r *Resolver) answerLoader() func(context.Context, []string, map[string]relay.Node) error {
	load := loader(r.answers())
	return func(ctx context.Context, texts []string, found map[string]relay.Node) error {
		rows := map[string]relay.Node{}
		err := load(ctx, texts, rows)
		for text, row := range rows {
			found[text] = model.AnswerOf(row.(*db.Answer))
		}
		return err
	}
}

// YesNoAnswer resolves the fields of YesNoAnswer.
func (r *Resolver) YesNoAnswer() generated.YesNoAnswerResolver {
	return &answerResolver[model.YesNoAnswer]{r}
}

// ChoiceAnswer resolves the fields of ChoiceAnswer.
func (r *Resolver) ChoiceAnswer() generated.ChoiceAnswerResolver {
	return &answerResolver[model.ChoiceAnswer]{r}
}

// MultipleChoiceAnswer resolves the fields of MultipleChoiceAnswer.
func (r *Resolver) MultipleChoiceAnswer() generated.MultipleChoiceAnswerResolver {
	return &answerResolver[model.MultipleChoiceAnswer]{r}
}

// NumberAnswer resolves the fields of NumberAnswer.
func (r *Resolver) NumberAnswer() generated.NumberAnswerResolver {
	return &answerResolver[model.NumberAnswer]{r}
}

// DurationAnswer resolves the fields of DurationAnswer.
func (r *Resolver) DurationAnswer() generated.DurationAnswerResolver {
	return &answerResolver[model.DurationAnswer]{r}
}

// TextAnswer resolves the fields of TextAnswer.
func (r *Resolver) TextAnswer() generated.TextAnswerResolver {
	return &answerResolver[model.TextAnswer]{r}
}

// PhotoAnswer resolves the fields of PhotoAnswer.
func (r *Resolver) PhotoAnswer() generated.PhotoAnswerResolver {
	return &answerResolver[model.PhotoAnswer]{r}
}

// SignatureAnswer resolves the fields of SignatureAnswer.
func (r *Resolver) SignatureAnswer() generated.SignatureAnswerResolver {
	return &answerResolver[model.SignatureAnswer]{r}
}
