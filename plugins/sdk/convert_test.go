package sdk

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/checklistpb"
)

// overTheWire marshals a message and unmarshals it into to.
func overTheWire[M proto.Message](t *rapid.T, from, to M) M {
	bytes, err := proto.Marshal(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := proto.Unmarshal(bytes, to); err != nil {
		t.Fatal(err)
	}
	return to
}

var (
	texts   = rapid.Custom(func(t *rapid.T) checklist.Text { return T(rapid.String().Draw(t, "en"), rapid.String().Draw(t, "zh")) })
	numbers = rapid.Float64()
	bounds  = rapid.Custom(func(t *rapid.T) checklist.Limits {
		return checklist.Limits{Lower: rapid.Ptr(numbers, true).Draw(t, "lower"), Upper: rapid.Ptr(numbers, true).Draw(t, "upper")}
	})
	severities = rapid.SampledFrom([]checklist.Severity{checklist.Minor, checklist.Major, checklist.Critical})
)

func list[T any](of func(*rapid.T) T) *rapid.Generator[[]T] {
	return rapid.SliceOfN(rapid.Custom(of), 0, 3)
}

func drawnItem(t *rapid.T) checklist.Item {
	return checklist.Item{
		ID: rapid.String().Draw(t, "id"), Text: texts.Draw(t, "text"),
		Kind:     rapid.SampledFrom([]checklist.Kind{checklist.YesNo, checklist.Choice, checklist.Number, checklist.Prose, checklist.Photo}).Draw(t, "kind"),
		Required: rapid.Bool().Draw(t, "required"), Weight: numbers.Draw(t, "weight"),
		Severity: severities.Draw(t, "severity"), Key: rapid.Bool().Draw(t, "key"), Tracked: rapid.Bool().Draw(t, "tracked"),
		Unit: rapid.String().Draw(t, "unit"), Limits: rapid.Ptr(bounds, true).Draw(t, "limits"),
		Choices: list(func(t *rapid.T) checklist.Option {
			return checklist.Option{ID: rapid.String().Draw(t, "id"), Text: texts.Draw(t, "text"), Credit: numbers.Draw(t, "credit")}
		}).Draw(t, "choices"),
		Evidence: rapid.SampledFrom([]checklist.Evidence{checklist.NoEvidence, checklist.EvidenceOnFail, checklist.EvidenceRequired}).Draw(t, "evidence"),
		Excludes: rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, "excludes"),
	}
}

// Every description, inspection and judgement is the same behind the wire.
func TestConversionsKeepEverything(t *testing.T) {
	same := func(t *rapid.T, want, got any) {
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("changed on the wire (-want +got):\n%s", diff)
		}
	}
	t.Run("description", rapid.MakeCheck(func(t *rapid.T) {
		want := checklist.Description{
			Plugin: rapid.String().Draw(t, "plugin"), Version: rapid.String().Draw(t, "version"), Name: texts.Draw(t, "name"),
			Checklists: list(func(t *rapid.T) checklist.Definition {
				return checklist.Definition{
					ID: rapid.String().Draw(t, "id"), Title: texts.Draw(t, "title"), PassMark: numbers.Draw(t, "pass mark"),
					Sections: list(func(t *rapid.T) checklist.Section {
						return checklist.Section{ID: rapid.String().Draw(t, "id"), Title: texts.Draw(t, "title"), Items: list(drawnItem).Draw(t, "items")}
					}).Draw(t, "sections"),
				}
			}).Draw(t, "checklists"),
		}
		same(t, want, descriptionFromPB(overTheWire(t, descriptionToPB(want), new(checklistpb.Description))))
	}))
	t.Run("inspection", rapid.MakeCheck(func(t *rapid.T) {
		want := checklist.Inspection{Checklist: rapid.String().Draw(t, "checklist"), Answers: list(func(t *rapid.T) checklist.Answer {
			a := checklist.Answer{
				Item: rapid.String().Draw(t, "item"), NotApplicable: rapid.Bool().Draw(t, "not applicable"),
				Evidence: rapid.IntRange(0, 1<<31-1).Draw(t, "evidence"),
			}
			switch rapid.IntRange(0, 4).Draw(t, "value") {
			case 1:
				a.Yes = new(rapid.Bool().Draw(t, "yes"))
			case 2:
				a.Choice = new(rapid.String().Draw(t, "choice"))
			case 3:
				a.Number = new(numbers.Draw(t, "number"))
			case 4:
				a.Filled = true
			}
			return a
		}).Draw(t, "answers")}
		pb, err := inspectionToPB(want)
		if err != nil {
			t.Fatal(err)
		}
		same(t, want, inspectionFromPB(overTheWire(t, pb, new(checklistpb.Inspection))))
	}))
	t.Run("judgement", rapid.MakeCheck(func(t *rapid.T) {
		outcomes := rapid.SampledFrom([]checklist.Outcome{checklist.Pass, checklist.Fail, checklist.NotApplicable})
		want := checklist.Judgement{
			Items: list(func(t *rapid.T) checklist.ItemResult {
				return checklist.ItemResult{
					Item: rapid.String().Draw(t, "item"), Outcome: outcomes.Draw(t, "outcome"), Credit: numbers.Draw(t, "credit"),
					Weight: numbers.Draw(t, "weight"), Reason: texts.Draw(t, "reason"),
				}
			}).Draw(t, "items"),
			Sections: list(func(t *rapid.T) checklist.SectionScore {
				return checklist.SectionScore{
					Section: rapid.String().Draw(t, "section"), Score: rapid.Ptr(numbers, true).Draw(t, "score"),
					Weight: numbers.Draw(t, "weight"), Arithmetic: rapid.String().Draw(t, "arithmetic"),
				}
			}).Draw(t, "sections"),
			Score: rapid.Ptr(numbers, true).Draw(t, "score"), Arithmetic: rapid.String().Draw(t, "arithmetic"), Passed: rapid.Bool().Draw(t, "passed"),
			Findings: list(func(t *rapid.T) checklist.Finding {
				return checklist.Finding{
					Item: rapid.String().Draw(t, "item"), Severity: severities.Draw(t, "severity"),
					Key: rapid.Bool().Draw(t, "key"), Text: texts.Draw(t, "text"),
				}
			}).Draw(t, "findings"),
			Measurements: list(func(t *rapid.T) checklist.Measurement {
				return checklist.Measurement{
					Item: rapid.String().Draw(t, "item"), Value: numbers.Draw(t, "value"), Unit: rapid.String().Draw(t, "unit"),
					Limits: bounds.Draw(t, "limits"), Within: rapid.Bool().Draw(t, "within"),
				}
			}).Draw(t, "measurements"),
		}
		same(t, want, judgementFromPB(overTheWire(t, judgementToPB(want), new(checklistpb.Judgement))))
	}))
}

// What another language leaves out or invents becomes something that the checks
// on the Go form refuse, and never a panic.
func TestConversionsOfForeignMessages(t *testing.T) {
	for _, d := range []*checklistpb.Description{nil, {}, {Checklists: []*checklistpb.Definition{{Sections: []*checklistpb.Section{{Items: []*checklistpb.Item{{Kind: 99}}}}}}}} {
		if err := Validate(descriptionFromPB(d)); err == nil {
			t.Errorf("a description without anything is valid: %v", d)
		}
	}
	j := judgementFromPB(&checklistpb.Judgement{
		Items:        []*checklistpb.ItemResult{{}, {Outcome: 99}},
		Measurements: []*checklistpb.Measurement{{}},
	})
	if j.Items[0].Outcome != "UNSPECIFIED" || j.Items[1].Outcome != "99" {
		t.Errorf("outcomes = %+v", j.Items)
	}
	if got := judgementFromPB(nil); got.Items != nil || got.Score != nil {
		t.Errorf("no judgement = %+v", got)
	}
	if got := inspectionFromPB(&checklistpb.Inspection{Answers: []*checklistpb.Answer{{}}}); len(got.Answers) != 1 {
		t.Errorf("an empty answer = %+v", got)
	}
}

// Two answers at once have no form on the wire.
func TestInspectionWithTwoAnswersAtOnce(t *testing.T) {
	_, err := inspectionToPB(checklist.Inspection{Answers: []checklist.Answer{
		{Item: "fine", Yes: new(true)},
		{Item: "smile", Yes: new(true), Number: new(1.0)},
		{Item: "rings", Choice: new("few"), Filled: true},
	}})
	var input *checklist.InputError
	if !errors.As(err, &input) || len(input.Problems) != 2 || input.Problems[0].Item != "smile" || input.Problems[1].Code != checklist.WrongKind {
		t.Errorf("err = %v", err)
	}
}

// The enums of the two forms have the same values.
func TestEnumsAgree(t *testing.T) {
	for _, test := range []struct {
		values map[string]int32
		prefix string
		names  []string
	}{
		{checklistpb.Kind_value, kindPrefix, []string{"YES_NO", "CHOICE", "NUMBER", "TEXT", "PHOTO", "MULTIPLE_CHOICE", "DURATION", "SIGNATURE"}},
		{checklistpb.Severity_value, severityPrefix, []string{"MINOR", "MAJOR", "CRITICAL"}},
		{checklistpb.Evidence_value, evidencePrefix, []string{"NONE", "ON_FAIL", "ALWAYS"}},
		{checklistpb.Outcome_value, outcomePrefix, []string{"PASS", "FAIL", "NOT_APPLICABLE"}},
		{checklistpb.ProblemCode_value, problemPrefix, append(namesOf(problemCodes), "BAD_CONFIGURATION")},
		{checklistpb.Capability_value, capabilityPrefix, namesOf(capabilities)},
	} {
		want := map[string]int32{test.prefix + "UNSPECIFIED": 0}
		for i, name := range test.names {
			want[test.prefix+name] = int32(i + 1)
		}
		if diff := cmp.Diff(want, test.values); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.prefix, diff)
		}
	}
}

func namesOf[T ~string](values []T) []string {
	var names []string
	for _, v := range values {
		names = append(names, string(v))
	}
	return names
}

var problemCodes = []checklist.ProblemCode{
	checklist.UnknownChecklist, checklist.UnknownItem, checklist.DuplicateAnswer, checklist.Unanswered, checklist.WrongKind,
	checklist.UnknownChoice, checklist.ImpossibleNumber, checklist.ExcludedAnswer, checklist.EvidenceMissing, checklist.RejectedByRule,
}
