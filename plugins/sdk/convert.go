package sdk

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/checklistpb"
)

// The two forms of the contract have the same shape, so that each conversion is
// total: what is missing on the wire becomes a zero value and an unknown number
// of an enum becomes a name that is none of the Go constants. Whether the result
// makes sense is judged afterwards, on the Go form.

// Prefixes that the enums' values have on the wire only.
const (
	kindPrefix     = "KIND_"
	severityPrefix = "SEVERITY_"
	evidencePrefix = "EVIDENCE_"
	outcomePrefix  = "OUTCOME_"
	problemPrefix  = "PROBLEM_CODE_"

	capabilityPrefix = "CAPABILITY_"
)

// name gives an enum's value without its prefix: KIND_YES_NO is YES_NO.
func name[T ~string](value fmt.Stringer, prefix string) T {
	return T(strings.TrimPrefix(value.String(), prefix))
}

// number is the reverse of name; 0, the unspecified value, if there is no such name.
func number[E ~int32, T ~string](values map[string]int32, prefix string, name T) E {
	return E(values[prefix+string(name)])
}

// each converts a list. Its result is never nil, so that it is [] in JSON.
func each[A, B any](in []A, convert func(A) B) []B {
	out := make([]B, len(in))
	for i, v := range in {
		out[i] = convert(v)
	}
	return out
}

func textToPB(t checklist.Text) *checklistpb.Text {
	return &checklistpb.Text{En: t.EN, Zh: t.ZH}
}

func textFromPB(t *checklistpb.Text) checklist.Text {
	return checklist.Text{EN: t.GetEn(), ZH: t.GetZh()}
}

func descriptionToPB(d checklist.Description) *checklistpb.Description {
	return &checklistpb.Description{
		Plugin: d.Plugin, Version: d.Version, Name: textToPB(d.Name),
		Capabilities:        each(d.Capabilities, capabilityToPB),
		ConfigurationSchema: string(d.ConfigurationSchema),
		Checklists: each(d.Checklists, func(c checklist.Definition) *checklistpb.Definition {
			return &checklistpb.Definition{
				Id: c.ID, Title: textToPB(c.Title), PassMark: c.PassMark,
				Sections: each(c.Sections, func(s checklist.Section) *checklistpb.Section {
					return &checklistpb.Section{Id: s.ID, Title: textToPB(s.Title), Items: each(s.Items, itemToPB)}
				}),
			}
		}),
	}
}

func descriptionFromPB(d *checklistpb.Description) checklist.Description {
	return checklist.Description{
		Plugin: d.GetPlugin(), Version: d.GetVersion(), Name: textFromPB(d.GetName()),
		Capabilities:        known(d.GetCapabilities()),
		ConfigurationSchema: json.RawMessage(d.GetConfigurationSchema()),
		Checklists: each(d.GetChecklists(), func(c *checklistpb.Definition) checklist.Definition {
			return checklist.Definition{
				ID: c.GetId(), Title: textFromPB(c.GetTitle()), PassMark: c.GetPassMark(),
				Sections: each(c.GetSections(), func(s *checklistpb.Section) checklist.Section {
					return checklist.Section{ID: s.GetId(), Title: textFromPB(s.GetTitle()), Items: each(s.GetItems(), itemFromPB)}
				}),
			}
		}),
	}
}

func itemToPB(i checklist.Item) *checklistpb.Item {
	out := &checklistpb.Item{
		Id: i.ID, Text: textToPB(i.Text), Required: i.Required, Weight: i.Weight,
		Kind:     number[checklistpb.Kind](checklistpb.Kind_value, kindPrefix, i.Kind),
		Severity: number[checklistpb.Severity](checklistpb.Severity_value, severityPrefix, i.Severity),
		Evidence: number[checklistpb.Evidence](checklistpb.Evidence_value, evidencePrefix, i.Evidence),
		Key:      i.Key, Tracked: i.Tracked, Unit: i.Unit, Excludes: i.Excludes,
		Choices: each(i.Choices, func(o checklist.Option) *checklistpb.Option {
			return &checklistpb.Option{Id: o.ID, Text: textToPB(o.Text), Credit: o.Credit}
		}),
		When: each(i.When, conditionToPB),
	}
	if i.Limits != nil {
		out.Limits = limitsToPB(*i.Limits)
	}
	return out
}

func itemFromPB(i *checklistpb.Item) checklist.Item {
	out := checklist.Item{
		ID: i.GetId(), Text: textFromPB(i.GetText()), Required: i.GetRequired(), Weight: i.GetWeight(),
		Kind:     name[checklist.Kind](i.GetKind(), kindPrefix),
		Severity: name[checklist.Severity](i.GetSeverity(), severityPrefix),
		Evidence: name[checklist.Evidence](i.GetEvidence(), evidencePrefix),
		Key:      i.GetKey(), Tracked: i.GetTracked(), Unit: i.GetUnit(), Excludes: i.GetExcludes(),
		Choices: each(i.GetChoices(), func(o *checklistpb.Option) checklist.Option {
			return checklist.Option{ID: o.GetId(), Text: textFromPB(o.GetText()), Credit: o.GetCredit()}
		}),
		When: each(i.GetWhen(), conditionFromPB),
	}
	if i.Limits != nil {
		limits := limitsFromPB(i.Limits)
		out.Limits = &limits
	}
	return out
}

func conditionToPB(c checklist.Condition) *checklistpb.Condition {
	out := &checklistpb.Condition{Item: c.Item}
	switch {
	case c.Yes != nil:
		out.Test = &checklistpb.Condition_Yes{Yes: *c.Yes}
	case len(c.AnyOf) > 0:
		out.Test = &checklistpb.Condition_AnyOf{AnyOf: &checklistpb.Choices{Ids: c.AnyOf}}
	case c.Within != nil:
		out.Test = &checklistpb.Condition_Within{Within: limitsToPB(*c.Within)}
	}
	return out
}

func conditionFromPB(c *checklistpb.Condition) checklist.Condition {
	out := checklist.Condition{Item: c.GetItem()}
	switch test := c.GetTest().(type) {
	case *checklistpb.Condition_Yes:
		out.Yes = &test.Yes
	case *checklistpb.Condition_AnyOf:
		out.AnyOf = test.AnyOf.GetIds()
	case *checklistpb.Condition_Within:
		limits := limitsFromPB(test.Within)
		out.Within = &limits
	}
	return out
}

func capabilityToPB(c checklist.Capability) checklistpb.Capability {
	return number[checklistpb.Capability](checklistpb.Capability_value, capabilityPrefix, c)
}

// known leaves out the capabilities that are none of the Go constants: those of a
// later host or plugin.
func known(in []checklistpb.Capability) []checklist.Capability {
	var out []checklist.Capability
	for _, c := range in {
		if c != checklistpb.Capability_CAPABILITY_UNSPECIFIED && checklistpb.Capability_name[int32(c)] != "" {
			out = append(out, name[checklist.Capability](c, capabilityPrefix))
		}
	}
	return out
}

func limitsToPB(l checklist.Limits) *checklistpb.Limits {
	return &checklistpb.Limits{Lower: l.Lower, Upper: l.Upper}
}

func limitsFromPB(l *checklistpb.Limits) checklist.Limits {
	if l == nil {
		return checklist.Limits{}
	}
	return checklist.Limits{Lower: l.Lower, Upper: l.Upper}
}

func judgementToPB(j checklist.Judgement) *checklistpb.Judgement {
	return &checklistpb.Judgement{
		Score: j.Score, Arithmetic: j.Arithmetic, Passed: j.Passed,
		Items: each(j.Items, func(r checklist.ItemResult) *checklistpb.ItemResult {
			return &checklistpb.ItemResult{
				Item: r.Item, Credit: r.Credit, Weight: r.Weight, Reason: textToPB(r.Reason),
				Outcome: number[checklistpb.Outcome](checklistpb.Outcome_value, outcomePrefix, r.Outcome),
			}
		}),
		Sections: each(j.Sections, func(s checklist.SectionScore) *checklistpb.SectionScore {
			return &checklistpb.SectionScore{Section: s.Section, Score: s.Score, Weight: s.Weight, Arithmetic: s.Arithmetic}
		}),
		Findings: each(j.Findings, func(f checklist.Finding) *checklistpb.Finding {
			return &checklistpb.Finding{
				Item: f.Item, Key: f.Key, Text: textToPB(f.Text),
				Severity: number[checklistpb.Severity](checklistpb.Severity_value, severityPrefix, f.Severity),
			}
		}),
		Measurements: each(j.Measurements, func(m checklist.Measurement) *checklistpb.Measurement {
			return &checklistpb.Measurement{Item: m.Item, Value: m.Value, Unit: m.Unit, Limits: limitsToPB(m.Limits), Within: m.Within}
		}),
	}
}

func judgementFromPB(j *checklistpb.Judgement) checklist.Judgement {
	if j == nil {
		return checklist.Judgement{}
	}
	return checklist.Judgement{
		Score: j.Score, Arithmetic: j.GetArithmetic(), Passed: j.GetPassed(),
		Items: each(j.GetItems(), func(r *checklistpb.ItemResult) checklist.ItemResult {
			return checklist.ItemResult{
				Item: r.GetItem(), Credit: r.GetCredit(), Weight: r.GetWeight(), Reason: textFromPB(r.GetReason()),
				Outcome: name[checklist.Outcome](r.GetOutcome(), outcomePrefix),
			}
		}),
		Sections: each(j.GetSections(), func(s *checklistpb.SectionScore) checklist.SectionScore {
			return checklist.SectionScore{Section: s.GetSection(), Score: s.Score, Weight: s.GetWeight(), Arithmetic: s.GetArithmetic()}
		}),
		Findings: each(j.GetFindings(), func(f *checklistpb.Finding) checklist.Finding {
			return checklist.Finding{
				Item: f.GetItem(), Key: f.GetKey(), Text: textFromPB(f.GetText()),
				Severity: name[checklist.Severity](f.GetSeverity(), severityPrefix),
			}
		}),
		Measurements: each(j.GetMeasurements(), func(m *checklistpb.Measurement) checklist.Measurement {
			return checklist.Measurement{
				Item: m.GetItem(), Value: m.GetValue(), Unit: m.GetUnit(),
				Limits: limitsFromPB(m.GetLimits()), Within: m.GetWithin(),
			}
		}),
	}
}
