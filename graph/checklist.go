package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

type checklistResolver struct{ *Resolver }

// Checklist resolves the fields of Checklist.
func (r *Resolver) Checklist() generated.ChecklistResolver { return &checklistResolver{r} }

func checklistFilter(f *model.ChecklistFilter) (c conditions[predicate.ChecklistVersion]) {
	if current := true; f == nil || !f.IncludeOld {
		whereIs(&c, &current, checklistversion.FieldCurrent)
	}
	if f != nil {
		where(&c, f.Code, checklistversion.Code)
	}
	return c
}

func (r *queryResolver) Checklists(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.ChecklistFilter) (*relay.ChecklistConnection, error) {
	return list(ctx, ent.Checklists, r.checklistRows(), checklistFilter(filter), relay.Args{First: first, After: after, Last: last, Before: before}, relay.Sort[db.ChecklistVersion]{
		Name: "checklist.code", Column: checklistversion.FieldCode,
		Key: func(c *db.ChecklistVersion) (any, fmt.Stringer) { return c.Code, c.ID },
		ID:  parsed[typeid.ChecklistVersionID],
	})
}

func (r *checklistResolver) Title(ctx context.Context, obj *db.ChecklistVersion) (*model.LocalizedText, error) {
	return localized(ctx, checklist.Text{EN: obj.TitleEn, ZH: obj.TitleZh}), nil
}

func (r *checklistResolver) PassMark(ctx context.Context, obj *db.ChecklistVersion) (float64, error) {
	d, err := r.definition(ctx, obj)
	return d.PassMark, err
}

func (r *checklistResolver) Plugin(ctx context.Context, obj *db.ChecklistVersion) (*db.Plugin, error) {
	return one(ctx, obj, func(c *db.ChecklistVersion) typeid.PluginID { return c.PluginID }, r.plugins())
}

func (r *checklistResolver) Sections(ctx context.Context, obj *db.ChecklistVersion) ([]*model.ChecklistSection, error) {
	d, err := r.definition(ctx, obj)
	if err != nil {
		return nil, err
	}
	sections := make([]*model.ChecklistSection, len(d.Sections))
	for i, s := range d.Sections {
		sections[i] = &model.ChecklistSection{Code: s.ID, Title: localized(ctx, s.Title), Items: make([]model.ChecklistItem, len(s.Items))}
		for j, item := range s.Items {
			sections[i].Items[j] = checklistItem(ctx, item)
		}
	}
	return sections, nil
}

// checklistItem gives an item the type of its kind.
func checklistItem(ctx context.Context, item checklist.Item) model.ChecklistItem {
	common := model.Item{
		Code: item.ID, Text: localized(ctx, item.Text), Kind: model.ItemKind(item.Kind),
		Required: item.Required, Weight: item.Weight, Severity: servicecase.Severity(item.Severity),
		KeyActivity: item.Key, Evidence: model.EvidenceRule(item.Evidence),
		Excludes: append([]string{}, item.Excludes...), When: itemConditions(item.When),
	}
	limits := checklist.Limits{}
	if item.Limits != nil {
		limits = *item.Limits
	}
	switch item.Kind {
	case checklist.Choice:
		return model.ChoiceItem{Item: common, Choices: itemChoices(ctx, item)}
	case checklist.MultipleChoice:
		return model.MultipleChoiceItem{Item: common, Choices: itemChoices(ctx, item)}
	case checklist.Number:
		return model.NumberItem{Item: common, Characteristic: item.Tracked, Unit: item.Unit, LowerLimit: limits.Lower, UpperLimit: limits.Upper}
	case checklist.Duration:
		return model.DurationItem{Item: common, Characteristic: item.Tracked, Shortest: model.Seconds(limits.Lower), Longest: model.Seconds(limits.Upper)}
	case checklist.Prose:
		return model.TextItem{Item: common}
	case checklist.Photo:
		return model.PhotoItem{Item: common}
	case checklist.Signature:
		return model.SignatureItem{Item: common}
	default:
		return model.YesNoItem{Item: common}
	}
}

func itemConditions(conditions []checklist.Condition) []*model.ItemCondition {
	out := make([]*model.ItemCondition, len(conditions))
	for i, c := range conditions {
		out[i] = &model.ItemCondition{Item: c.Item, Yes: c.Yes, AnyOf: c.AnyOf}
		if c.Within != nil {
			out[i].AtLeast, out[i].AtMost = c.Within.Lower, c.Within.Upper
		}
	}
	return out
}

func itemChoices(ctx context.Context, item checklist.Item) []*model.ItemChoice {
	out := make([]*model.ItemChoice, len(item.Choices))
	for i, c := range item.Choices {
		out[i] = &model.ItemChoice{Code: c.ID, Text: localized(ctx, c.Text), Credit: c.Credit}
	}
	return out
}
