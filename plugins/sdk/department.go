package sdk

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// Department is a plugin made of checklists and rules: a [checklist.Checklist]
// that publishes its sheets and judges them by [Judge]. It has every capability
// that its fields give it something to do for. It is not changed once it is in use.
type Department struct {
	ID      string         // of the plugin: lower case, such as "frontdesk"
	Version string         // semantic version without "v"; raise it with every change of a checklist or rule
	Name    checklist.Text // for people
	Sheets  []Sheet        // at least one

	// Configure returns the department as a configuration makes it, and Schema is the
	// JSON Schema (2020-12) that the configuration keeps to. A configuration that
	// cannot be used is a [*checklist.ConfigurationError]. Both are nil for a plugin
	// that takes none.
	Configure func(configuration json.RawMessage) (*Department, error)
	Schema    json.RawMessage

	// Trouble says what is not well with the plugin, nil while all is. It is nil for
	// a plugin that depends on nothing.
	Trouble func(context.Context) (*checklist.Text, error)
}

// Sheet is one checklist with its rules.
type Sheet struct {
	checklist.Definition
	Rules []Rule // applied in this order

	// Suggest proposes answers out of facts. It is pure. Nil when there is nothing to
	// propose.
	Suggest func(Known) []checklist.Suggestion

	// Renamed gives the id of an item by the one that it had in earlier versions.
	Renamed map[string]string
}

// Describe lists the sheets. Its error is a [*DescriptionError] with all of the
// author's mistakes.
func (d *Department) Describe(context.Context) (checklist.Description, error) {
	description := checklist.Description{
		Plugin: d.ID, Version: d.Version, Name: d.Name,
		Capabilities: d.capabilities(), ConfigurationSchema: d.Schema,
	}
	for _, sheet := range d.Sheets {
		description.Checklists = append(description.Checklists, sheet.Definition)
	}
	if err := Validate(description); err != nil {
		return checklist.Description{}, err
	}
	return description, nil
}

func (d *Department) capabilities() []checklist.Capability {
	can := []checklist.Capability{checklist.CanAdjust, checklist.CanBatch, checklist.CanCheck, checklist.CanUpgrade}
	if d.Configure != nil {
		can = append(can, checklist.CanConfigure)
	}
	if d.Trouble != nil {
		can = append(can, checklist.CanHealth)
	}
	for _, sheet := range d.Sheets {
		if sheet.Suggest != nil {
			return append(can, checklist.CanSuggest)
		}
	}
	return can
}

// sheet finds a sheet by the id of its checklist.
func (d *Department) sheet(id string) (Sheet, error) {
	for _, sheet := range d.Sheets {
		if sheet.ID == id {
			return sheet, nil
		}
	}
	return Sheet{}, unknownChecklist()
}

// Judge judges by the sheet that in names. Its errors are those of the function
// [Judge], and that of ctx when it has ended.
func (d *Department) Judge(ctx context.Context, in checklist.Inspection) (checklist.Judgement, error) {
	if err := ctx.Err(); err != nil {
		return checklist.Judgement{}, err
	}
	sheet, err := d.sheet(in.Checklist)
	if err != nil {
		return checklist.Judgement{}, err
	}
	return Judge(sheet.Definition, in, sheet.Rules...)
}

// JudgeBatch judges one inspection after the other.
func (d *Department) JudgeBatch(ctx context.Context, in []checklist.Inspection) ([]checklist.Verdict, error) {
	verdicts := make([]checklist.Verdict, len(in))
	for i := range in {
		verdicts[i].Judgement, verdicts[i].Err = d.Judge(ctx, in[i])
	}
	return verdicts, ctx.Err()
}

// Check tells what is wrong with the answers so far. What is still open, an answer or
// its evidence, is no problem, and the rules are asked only once nothing is.
func (d *Department) Check(ctx context.Context, in checklist.Inspection) ([]checklist.Problem, error) {
	_, err := d.Judge(ctx, in)
	var input *checklist.InputError
	if !errors.As(err, &input) {
		return nil, err
	}
	var problems []checklist.Problem
	for _, p := range input.Problems {
		switch p.Code {
		case checklist.UnknownChecklist:
			return nil, err
		case checklist.Unanswered, checklist.EvidenceMissing:
		default:
			problems = append(problems, p)
		}
	}
	return problems, nil
}

// Suggest proposes what the sheet makes of the facts.
func (d *Department) Suggest(ctx context.Context, about checklist.Facts) ([]checklist.Suggestion, error) {
	sheet, err := d.sheet(about.Checklist)
	if err != nil || sheet.Suggest == nil {
		return nil, err
	}
	return sheet.Suggest(knownFacts(about.Facts)), ctx.Err()
}

// Upgrade carries a draft over by the ids of its items.
func (d *Department) Upgrade(ctx context.Context, draft checklist.Draft) (checklist.Upgraded, error) {
	sheet, err := d.sheet(draft.Checklist)
	if err != nil {
		return checklist.Upgraded{}, err
	}
	return checklist.Carry(draft, sheet.Definition, sheet.Renamed), ctx.Err()
}

// Health asks Trouble.
func (d *Department) Health(ctx context.Context) (*checklist.Text, error) { return d.Trouble(ctx) }

// Configured asks Configure.
func (d *Department) Configured(_ context.Context, configuration json.RawMessage) (checklist.Checklist, error) {
	return d.Configure(configuration)
}

// Known are the facts that a sheet proposes answers out of.
type Known struct{ facts map[string]checklist.Fact }

func knownFacts(facts []checklist.Fact) Known {
	k := Known{facts: make(map[string]checklist.Fact, len(facts))}
	for _, f := range facts {
		k.facts[f.Name] = f
	}
	return k
}

// Yes is a fact of yes or no; false when it is not known.
func (k Known) Yes(name string) (yes, known bool) {
	if f := k.facts[name]; f.Yes != nil {
		return *f.Yes, true
	}
	return false, false
}

// Number is a fact that is a number; false when it is not known.
func (k Known) Number(name string) (value float64, known bool) {
	if f := k.facts[name]; f.Number != nil {
		return *f.Number, true
	}
	return 0, false
}

// SuggestYes proposes the answer to a yes-no item.
func SuggestYes(item string, yes bool, reason checklist.Text) checklist.Suggestion {
	return checklist.Suggestion{Answer: checklist.Answer{Item: item, Yes: &yes}, Reason: reason}
}

// SuggestNumber proposes the answer to a number item.
func SuggestNumber(item string, value float64, reason checklist.Text) checklist.Suggestion {
	return checklist.Suggestion{Answer: checklist.Answer{Item: item, Number: &value}, Reason: reason}
}
