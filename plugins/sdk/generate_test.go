package sdk_test

import (
	"fmt"
	"math"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
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
	def.Sections[0].Items = append(def.Sections[0].Items, sdk.Item("scored", sdk.T("Always scored", "必计分")))
	return def
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
	for _, item := range itemsOf(def) {
		switch {
		case excluded[item.ID]:
		case rapid.IntRange(0, 5).Draw(t, "not applicable") == 0:
			answers = append(answers, checklist.Answer{Item: item.ID, NotApplicable: true})
		default:
			good := rapid.Bool().Draw(t, "good")
			answers = append(answers, answer(item, good))
			for _, id := range item.Excludes {
				excluded[id] = true
			}
		}
	}
	return answers
}

// answer answers an item well or badly, with evidence. An item that cannot fail
// is answered well.
func answer(item checklist.Item, good bool) checklist.Answer {
	a := checklist.Answer{Item: item.ID, Evidence: 1}
	switch item.Kind {
	case checklist.YesNo:
		a.Yes = &good
	case checklist.Choice:
		option := item.Choices[len(item.Choices)-1].ID
		if good {
			option = item.Choices[0].ID
		}
		a.Choice = &option
	case checklist.Number:
		value := 20.0
		switch limits := item.Limits; {
		case limits == nil:
		case limits.Upper != nil && good:
			value = *limits.Upper
		case limits.Upper != nil:
			value = *limits.Upper + 1
		default:
			value = *limits.Lower
		}
		if item.Unit == sdk.Rings || item.Unit == sdk.Count {
			value = math.Floor(value)
			if item.Limits != nil && item.Limits.Upper == nil {
				value = math.Ceil(*item.Limits.Lower)
			}
		}
		a.Number = &value
	case checklist.Prose, checklist.Photo:
		a.Filled = true
	}
	return a
}

// allGood answers every item well, or, of those that exclude each other, the first.
func allGood(def checklist.Definition) checklist.Inspection {
	excluded := map[string]bool{}
	in := checklist.Inspection{Checklist: def.ID}
	for _, item := range itemsOf(def) {
		if excluded[item.ID] {
			continue
		}
		in.Answers = append(in.Answers, answer(item, true))
		for _, id := range item.Excludes {
			excluded[id] = true
		}
	}
	return in
}

// drawAnyAnswers draws whatever may come in, most of it wrong.
func drawAnyAnswers(t *rapid.T, def checklist.Definition) []checklist.Answer {
	ids := []string{"", "stray", "stranger"}
	for _, item := range itemsOf(def) {
		ids = append(ids, item.ID)
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) checklist.Answer {
		return checklist.Answer{
			Item:          rapid.SampledFrom(ids).Draw(t, "item"),
			NotApplicable: rapid.Bool().Draw(t, "not applicable"),
			Yes:           rapid.Ptr(rapid.Bool(), true).Draw(t, "yes"),
			Choice:        rapid.Ptr(rapid.SampledFrom([]string{"good", "bad", "neither"}), true).Draw(t, "choice"),
			Number:        rapid.Ptr(rapid.Float64(), true).Draw(t, "number"),
			Filled:        rapid.Bool().Draw(t, "filled"),
			Evidence:      rapid.IntRange(-1, 2).Draw(t, "evidence"),
		}
	}), 0, 12).Draw(t, "answers")
}

func itemsOf(def checklist.Definition) []checklist.Item {
	var items []checklist.Item
	for _, section := range def.Sections {
		items = append(items, section.Items...)
	}
	return items
}

func describe(defs ...checklist.Definition) checklist.Description {
	return checklist.Description{Plugin: "test", Version: "1.0.0", Name: sdk.T("Test", "测试"), Checklists: defs}
}
