package sdk_test

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

// drawDefinition draws a definition that Validate accepts, with items of every
// kind, key activities and pairs that exclude each other.
func drawDefinition(t *rapid.T) checklist.Definition {
	def := checklist.Definition{ID: "test.sheet", Title: sdk.T("Sheet", "表"), PassMark: rapid.Float64Range(0, 100).Draw(t, "pass mark")}
	count := 0
	for i := range rapid.IntRange(1, 3).Draw(t, "sections") {
		section := sdk.Section(fmt.Sprintf("section-%d", i), sdk.T("Section", "部分"))
		for range rapid.IntRange(1, 5).Draw(t, "items") {
			section.Items = append(section.Items, drawItem(t, fmt.Sprintf("item-%d", count)))
			count++
		}
		def.Sections = append(def.Sections, section)
	}
	if items := def.Sections[0].Items; len(items) > 1 && rapid.Bool().Draw(t, "exclusion") {
		first, last := &items[0], &items[len(items)-1]
		first.Excludes, last.Excludes = []string{last.ID}, []string{first.ID}
	}
	items := sdktest.Items(def)
	if last := len(items) - 1; last > 0 && rapid.Bool().Draw(t, "condition") {
		section := &def.Sections[len(def.Sections)-1]
		if condition, ok := drawCondition(t, items[rapid.IntRange(0, last-1).Draw(t, "earlier")]); ok {
			section.Items[len(section.Items)-1].When = []checklist.Condition{condition}
		}
	}
	def.Sections[0].Items = append(def.Sections[0].Items, sdk.Item("scored", sdk.T("Always scored", "必计分")))
	return def
}

// drawCondition is false for an item that nothing can depend on.
func drawCondition(t *rapid.T, item checklist.Item) (checklist.Condition, bool) {
	switch item.Kind {
	case checklist.YesNo:
		return rapid.SampledFrom([]checklist.Condition{sdk.IfYes(item.ID), sdk.IfNo(item.ID)}).Draw(t, "is"), true
	case checklist.Choice, checklist.MultipleChoice:
		return sdk.IfChosen(item.ID, rapid.SampledFrom(item.Choices).Draw(t, "option").ID), true
	case checklist.Number, checklist.Duration:
		return sdk.IfWithin(item.ID, sdk.AtLeast(4)), true
	}
	return checklist.Condition{}, false
}

func drawItem(t *rapid.T, id string) checklist.Item {
	weight := sdk.Weight(float64(rapid.IntRange(1, 20_000).Draw(t, "weight")) / 1000)
	text := sdk.T("Text of "+id, "文本 "+id)
	credit := func() float64 { return float64(rapid.IntRange(0, 1000).Draw(t, "credit")) / 1000 }
	options := [][]sdk.Option{
		{weight},
		{weight, sdk.Key(), sdk.EvidenceOnFail()},
		{weight, sdk.Optional(), sdk.Critical(), sdk.EvidenceAlways()},
		{sdk.Weight(0), sdk.Optional()},
		{weight, sdk.Tracked(sdk.Rings, sdk.AtMost(3))},
		{weight, sdk.Number("°C", sdk.Between(18, 26.5)), sdk.Key()},
		{weight, sdk.Number(sdk.Minutes, checklist.Limits{})},
		{weight, sdk.Choice(sdk.Answer("good", sdk.T("Good", "好"), 1), sdk.Answer("fair", sdk.T("Fair", "一般"), credit()), sdk.Answer("bad", sdk.T("Bad", "差"), 0))},
		{weight, sdk.MultipleChoice(sdk.Answer("one", sdk.T("One", "其一"), credit()), sdk.Answer("two", sdk.T("Two", "其二"), 1))},
		{weight, sdk.Duration(checklist.Limits{}), sdk.Optional()},
		{weight, sdk.TrackedDuration(sdk.AtMost(180)), sdk.EvidenceOnFail()},
		{sdk.Signature()},
		{sdk.Remark(), sdk.Optional()},
		{sdk.Photo()},
	}
	return sdk.Item(id, text, rapid.SampledFrom(options).Draw(t, "item")...)
}

// drawAnswers draws answers that can be judged: complete, of the right kinds,
// with all evidence, and none beside an item that excludes it.
func drawAnswers(t *rapid.T, def checklist.Definition) []checklist.Answer {
	excluded := map[string]bool{}
	var answers []checklist.Answer
	for _, item := range sdktest.Items(def) {
		switch {
		case excluded[item.ID] || !def.Asked(answers)[item.ID]:
		case rapid.IntRange(0, 5).Draw(t, "not applicable") == 0:
			answers = append(answers, checklist.Answer{Item: item.ID, NotApplicable: true})
		default:
			answer, ok := sdktest.BadAnswer(item)
			if !ok || rapid.Bool().Draw(t, "good") {
				answer = sdktest.GoodAnswer(item)
			}
			if item.Kind == checklist.MultipleChoice {
				answer = sdktest.Choices(item.ID, rapid.SampledFrom(item.Choices).Draw(t, "choice").ID)
			}
			if item.Kind == checklist.Choice {
				answer = sdktest.Choice(item.ID, rapid.SampledFrom(item.Choices).Draw(t, "choice").ID)
			}
			answers = append(answers, answer)
			for _, id := range item.Excludes {
				excluded[id] = true
			}
		}
	}
	return answers
}

// drawAnyAnswers draws whatever may come in, most of it wrong.
func drawAnyAnswers(t *rapid.T, def checklist.Definition) []checklist.Answer {
	ids := []string{"", "stray", "stranger"}
	for _, item := range sdktest.Items(def) {
		ids = append(ids, item.ID)
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) checklist.Answer {
		return checklist.Answer{
			Item:          rapid.SampledFrom(ids).Draw(t, "item"),
			NotApplicable: rapid.Bool().Draw(t, "not applicable"),
			Yes:           rapid.Ptr(rapid.Bool(), true).Draw(t, "yes"),
			Choice:        rapid.Ptr(rapid.SampledFrom([]string{"good", "bad", "neither"}), true).Draw(t, "choice"),
			Choices:       rapid.SliceOfN(rapid.SampledFrom([]string{"one", "two", "three"}), 0, 3).Draw(t, "choices"),
			Number:        rapid.Ptr(rapid.Float64(), true).Draw(t, "number"),
			Seconds:       rapid.Ptr(rapid.Float64(), true).Draw(t, "seconds"),
			Filled:        rapid.Bool().Draw(t, "filled"),
			Evidence:      rapid.IntRange(-1, 2).Draw(t, "evidence"),
		}
	}), 0, 12).Draw(t, "answers")
}

func describe(defs ...checklist.Definition) checklist.Description {
	return checklist.Description{Plugin: "test", Version: "1.0.0", Name: sdk.T("Test", "测试"), Checklists: defs}
}
