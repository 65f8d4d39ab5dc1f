package sdk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

func TestValidateAcceptsGoodDescriptions(t *testing.T) {
	for _, version := range []string{"0.0.1", "1.2.0", "10.0.0-rc.1", "1.0.0+build.7", "1.0.0-a+b"} {
		d := describe(desk())
		d.Version = version
		if err := sdk.Validate(d); err != nil {
			t.Errorf("version %s: %v", version, err)
		}
	}
}

func TestValidateAcceptsFractionsWhereTheUnitHasThem(t *testing.T) {
	def := desk()
	room := &def.Sections[0].Items[2]
	*room.Limits = sdk.Between(2.2, 2.8)
	if err := sdk.Validate(describe(def)); err != nil {
		t.Error(err)
	}
}

// Each mistake alone, with the path and the words that the author sees.
func TestValidateFindsEachMistake(t *testing.T) {
	type description = checklist.Description
	item := func(change func(*checklist.Item)) func(*description) {
		return func(d *description) { change(&d.Checklists[0].Sections[0].Items[0]) }
	}
	ring := func(change func(*checklist.Item)) func(*description) {
		return func(d *description) { change(&d.Checklists[0].Sections[0].Items[1]) }
	}
	forms := func(change func(*checklist.Item)) func(*description) {
		return func(d *description) { change(&d.Checklists[0].Sections[1].Items[0]) }
	}
	view := func(change func(*checklist.Item)) func(*description) {
		return func(d *description) { change(&d.Checklists[0].Sections[1].Items[3]) }
	}
	const (
		def  = "checklists[desk.day]"
		path = def + ".sections[guests].items[smile]"
		rung = def + ".sections[guests].items[rings]"
		form = def + ".sections[papers].items[forms]"
		seen = def + ".sections[papers].items[view]"
	)
	for name, tt := range map[string]struct {
		change func(*description)
		want   []string
	}{
		"no plugin id":         {func(d *description) { d.Plugin = "" }, []string{"plugin"}},
		"capital in plugin id": {func(d *description) { d.Plugin = "frontDesk" }, []string{"plugin"}},
		"digit first":          {func(d *description) { d.Plugin = "4desk" }, []string{"plugin"}},
		"hyphen last":          {func(d *description) { d.Plugin = "desk-" }, []string{"plugin"}},
		"two hyphens":          {func(d *description) { d.Plugin = "front--desk" }, []string{"plugin"}},
		"long plugin id":       {func(d *description) { d.Plugin = strings.Repeat("a", 41) }, []string{"plugin"}},
		"no version":           {func(d *description) { d.Version = "" }, []string{"version"}},
		"v in version":         {func(d *description) { d.Version = "v1.0.0" }, []string{"version"}},
		"short version":        {func(d *description) { d.Version = "1.0" }, []string{"version"}},
		"leading zero":         {func(d *description) { d.Version = "1.01.0" }, []string{"version"}},
		"long version":         {func(d *description) { d.Version = "1.0.0-" + strings.Repeat("a", 35) }, []string{"version"}},
		"long name":            {func(d *description) { d.Name.ZH = strings.Repeat("好", 201) }, []string{"name.zh"}},
		"no name":              {func(d *description) { d.Name = checklist.Text{} }, []string{"name.en", "name.zh"}},
		"no checklists":        {func(d *description) { d.Checklists = nil }, []string{"checklists"}},
		"too many checklists": {func(d *description) {
			d.Checklists = nil
			for i := range 51 {
				other := desk()
				other.ID = fmt.Sprintf("desk.day-%d", i)
				d.Checklists = append(d.Checklists, other)
			}
		}, []string{"checklists"}},
		"same checklist twice":   {func(d *description) { d.Checklists = append(d.Checklists, desk()) }, []string{def + ".id"}},
		"no dot in checklist id": {func(d *description) { d.Checklists[0].ID = "desk" }, []string{"checklists[desk].id"}},
		"no checklist id":        {func(d *description) { d.Checklists[0].ID = "" }, []string{"checklists[0].id"}},
		"unfit checklist id":     {func(d *description) { d.Checklists[0].ID = "desk.\n" }, []string{"checklists[0].id"}},
		"long checklist id": {func(d *description) { d.Checklists[0].ID = strings.Repeat("a", 40) + "." + strings.Repeat("b", 40) },
			[]string{"checklists[" + strings.Repeat("a", 40) + "." + strings.Repeat("b", 40) + "].id"}},
		"long title":             {func(d *description) { d.Checklists[0].Title.EN = strings.Repeat("a", 201) }, []string{def + ".title.en"}},
		"no title":               {func(d *description) { d.Checklists[0].Title.ZH = "" }, []string{def + ".title.zh"}},
		"pass mark above 100":    {func(d *description) { d.Checklists[0].PassMark = 100.5 }, []string{def + ".passMark"}},
		"pass mark below 0":      {func(d *description) { d.Checklists[0].PassMark = -1 }, []string{def + ".passMark"}},
		"pass mark not a number": {func(d *description) { d.Checklists[0].PassMark = math.NaN() }, []string{def + ".passMark"}},
		"no sections":            {func(d *description) { d.Checklists[0].Sections = nil }, []string{def + ".sections"}},
		"no section id":          {func(d *description) { d.Checklists[0].Sections[1].ID = "" }, []string{def + ".sections[1].id"}},
		"same section twice":     {func(d *description) { d.Checklists[0].Sections[1].ID = "guests" }, []string{def + ".sections[guests].id"}},
		"no section title":       {func(d *description) { d.Checklists[0].Sections[1].Title.EN = "" }, []string{def + ".sections[papers].title.en"}},
		"no items":               {func(d *description) { d.Checklists[0].Sections[1].Items = nil }, []string{def + ".sections[papers].items"}},
		"too many items": {func(d *description) {
			for i := range 500 {
				d.Checklists[0].Sections[0].Items = append(d.Checklists[0].Sections[0].Items, sdk.Item(fmt.Sprintf("more-%d", i), sdk.T("More", "更多")))
			}
		}, []string{def}},
		"same item in two sections": {func(d *description) { d.Checklists[0].Sections[1].Items[1].ID = "smile" }, []string{def + ".sections[papers].items[smile].id"}},
		"nothing scored": {func(d *description) {
			d.Checklists[0].Sections = []checklist.Section{sdk.Section("a", sdk.T("A", "甲"), sdk.Item("b", sdk.T("B", "乙"), sdk.Weight(0)))}
		}, []string{def}},

		"no item id":          {item(func(i *checklist.Item) { i.ID = "" }), []string{def + ".sections[guests].items[0].id"}},
		"underscore":          {item(func(i *checklist.Item) { i.ID = "big_smile" }), []string{def + ".sections[guests].items[0].id"}},
		"long item id":        {item(func(i *checklist.Item) { i.ID = strings.Repeat("a", 65) }), []string{def + ".sections[guests].items[" + strings.Repeat("a", 65) + "].id"}},
		"no English":          {item(func(i *checklist.Item) { i.Text.EN = "" }), []string{path + ".text.en"}},
		"no Chinese":          {item(func(i *checklist.Item) { i.Text.ZH = "" }), []string{path + ".text.zh"}},
		"blank text":          {item(func(i *checklist.Item) { i.Text.EN = " " }), []string{path + ".text.en"}},
		"two lines":           {item(func(i *checklist.Item) { i.Text.EN = "one\ntwo" }), []string{path + ".text.en"}},
		"not UTF-8":           {item(func(i *checklist.Item) { i.Text.ZH = "\xff" }), []string{path + ".text.zh"}},
		"long text":           {item(func(i *checklist.Item) { i.Text.ZH = strings.Repeat("好", 501) }), []string{path + ".text.zh"}},
		"unknown kind":        {item(func(i *checklist.Item) { i.Kind, i.Key = "MAYBE", false }), []string{path + ".kind"}},
		"negative weight":     {item(func(i *checklist.Item) { i.Weight, i.Key = -1, false }), []string{path + ".weight"}},
		"great weight":        {item(func(i *checklist.Item) { i.Weight = 1001 }), []string{path + ".weight"}},
		"fine weight":         {item(func(i *checklist.Item) { i.Weight = 0.0005 }), []string{path + ".weight"}},
		"weight NaN":          {item(func(i *checklist.Item) { i.Weight, i.Key = math.NaN(), false }), []string{path + ".weight"}},
		"weight infinite":     {item(func(i *checklist.Item) { i.Weight = math.Inf(1) }), []string{path + ".weight"}},
		"key without weight":  {item(func(i *checklist.Item) { i.Weight = 0 }), []string{path + ".weight"}},
		"optional key":        {item(func(i *checklist.Item) { i.Required = false }), []string{path + ".required"}},
		"no severity":         {item(func(i *checklist.Item) { i.Severity = "" }), []string{path + ".severity"}},
		"no evidence rule":    {item(func(i *checklist.Item) { i.Evidence = "" }), []string{path + ".evidence"}},
		"yes-no with unit":    {item(func(i *checklist.Item) { i.Unit = "min" }), []string{path}},
		"yes-no with limits":  {item(func(i *checklist.Item) { i.Limits = &checklist.Limits{} }), []string{path}},
		"yes-no tracked":      {item(func(i *checklist.Item) { i.Tracked = true }), []string{path}},
		"yes-no with choices": {item(func(i *checklist.Item) { i.Choices = []checklist.Option{{}} }), []string{path + ".choices"}},

		"excludes unknown": {item(func(i *checklist.Item) { i.Excludes = []string{"frown"} }), []string{path + ".excludes[0]"}},
		"excludes itself":  {item(func(i *checklist.Item) { i.Excludes = []string{"smile"} }), []string{path + ".excludes[0]"}},
		"excludes one way": {item(func(i *checklist.Item) { i.Excludes = []string{"safe"} }), []string{path + ".excludes[0]"}},
		"excludes twice": {func(d *description) {
			d.Checklists[0].Sections[0].Items[0].Excludes = []string{"safe", "safe"}
			d.Checklists[0].Sections[1].Items[1].Excludes = []string{"smile"}
		}, []string{path + ".excludes[1]"}},

		"number without unit":       {ring(func(i *checklist.Item) { i.Unit = "" }), []string{rung + ".unit"}},
		"control character in unit": {ring(func(i *checklist.Item) { i.Unit = "m\x00" }), []string{rung + ".unit"}},
		"long unit":                 {ring(func(i *checklist.Item) { i.Unit = strings.Repeat("米", 65) }), []string{rung + ".unit"}},
		"unit with spaces":          {ring(func(i *checklist.Item) { i.Unit = " m" }), []string{rung + ".unit"}},
		"tracked without limits":    {ring(func(i *checklist.Item) { i.Limits = nil }), []string{rung + ".limits"}},
		"limits without sides":      {ring(func(i *checklist.Item) { i.Limits = &checklist.Limits{} }), []string{rung + ".limits"}},
		"limits upside down":        {ring(func(i *checklist.Item) { *i.Limits = sdk.Between(3, 2) }), []string{rung + ".limits"}},
		"no number within":          {ring(func(i *checklist.Item) { *i.Limits = sdk.Between(2.2, 2.8) }), []string{rung + ".limits"}},
		"upper limit infinite":      {ring(func(i *checklist.Item) { *i.Limits = sdk.AtMost(math.Inf(1)) }), []string{rung + ".limits.upper"}},
		"lower limit NaN":           {ring(func(i *checklist.Item) { *i.Limits = sdk.AtLeast(math.NaN()) }), []string{rung + ".limits.lower"}},
		"limit out of reach":        {ring(func(i *checklist.Item) { i.Unit, *i.Limits = sdk.Percent, sdk.AtLeast(101) }), []string{rung + ".limits.lower"}},
		"key without limits":        {ring(func(i *checklist.Item) { i.Limits, i.Tracked, i.Key = nil, false, true }), []string{rung + ".key"}},
		"never fails, evidence":     {ring(func(i *checklist.Item) { i.Limits, i.Tracked, i.Evidence = nil, false, checklist.EvidenceOnFail }), []string{rung + ".evidence"}},

		"one choice":        {forms(func(i *checklist.Item) { i.Choices = i.Choices[:1] }), []string{form + ".choices"}},
		"no choices":        {forms(func(i *checklist.Item) { i.Choices = nil }), []string{form + ".choices"}},
		"no full credit":    {forms(func(i *checklist.Item) { i.Choices[0].Credit = 0.9 }), []string{form + ".choices"}},
		"credit above 1":    {forms(func(i *checklist.Item) { i.Choices[1].Credit = 1.5 }), []string{form + ".choices[most].credit"}},
		"credit NaN":        {forms(func(i *checklist.Item) { i.Choices[1].Credit = math.NaN() }), []string{form + ".choices[most].credit"}},
		"same option twice": {forms(func(i *checklist.Item) { i.Choices[1].ID = "all" }), []string{form + ".choices[all].id"}},
		"no option id":      {forms(func(i *checklist.Item) { i.Choices[1].ID = "" }), []string{form + ".choices[1].id"}},
		"no option text":    {forms(func(i *checklist.Item) { i.Choices[1].Text.ZH = "" }), []string{form + ".choices[most].text.zh"}},

		"condition on itself":       {item(func(i *checklist.Item) { i.When = []checklist.Condition{sdk.IfYes("smile")} }), []string{path + ".when[0].item"}},
		"condition on a later item": {item(func(i *checklist.Item) { i.When = []checklist.Condition{sdk.IfWithin("rings", sdk.AtMost(2))} }), []string{path + ".when[0].item"}},
		"condition of another kind": {ring(func(i *checklist.Item) { i.When = []checklist.Condition{sdk.IfWithin("smile", sdk.AtMost(2))} }), []string{rung + ".when[0].within"}},
		"condition without a test":  {ring(func(i *checklist.Item) { i.When = []checklist.Condition{{Item: "smile"}} }), []string{rung + ".when[0]"}},
		"condition with two tests": {ring(func(i *checklist.Item) {
			i.When = []checklist.Condition{{Item: "smile", Yes: new(true), AnyOf: []string{"all"}}}
		}), []string{rung + ".when[0].anyOf", rung + ".when[0].anyOf", rung + ".when[0]"}},
		"condition on an option that is not there": {view(func(i *checklist.Item) { i.When = []checklist.Condition{sdk.IfChosen("forms", "none")} }), []string{seen + ".when[0].anyOf"}},
		"condition within upside down limits":      {view(func(i *checklist.Item) { i.When = []checklist.Condition{sdk.IfWithin("rings", sdk.Between(3, 2))} }), []string{seen + ".when[0].within"}},
		"too many conditions": {ring(func(i *checklist.Item) {
			for range 11 {
				i.When = append(i.When, sdk.IfYes("smile"))
			}
		}), []string{rung + ".when"}},
		"duration in minutes": {ring(func(i *checklist.Item) { i.Kind, i.Unit = checklist.Duration, sdk.Minutes }), []string{rung + ".unit"}},
		"options that never earn full credit together": {forms(func(i *checklist.Item) {
			i.Kind, i.Choices[0].Credit, i.Choices[1].Credit = checklist.MultipleChoice, .25, .5
		}), []string{form + ".choices"}},
		"scored signature":                 {view(func(i *checklist.Item) { i.Kind, i.Weight = checklist.Signature, 1 }), []string{seen + ".weight"}},
		"the same capability twice":        {func(d *description) { d.Capabilities = []checklist.Capability{checklist.CanCheck, checklist.CanCheck} }, []string{"capabilities[1]"}},
		"a configuration without a schema": {func(d *description) { d.Capabilities = []checklist.Capability{checklist.CanConfigure} }, []string{"configurationSchema"}},
		"a schema without a configuration": {func(d *description) { d.ConfigurationSchema = json.RawMessage(`{}`) }, []string{"configurationSchema"}},
		"a schema that is no object": {func(d *description) {
			d.Capabilities, d.ConfigurationSchema = []checklist.Capability{checklist.CanConfigure}, json.RawMessage(`[]`)
		}, []string{"configurationSchema"}},
		"a schema too large": {func(d *description) {
			d.Capabilities, d.ConfigurationSchema = []checklist.Capability{checklist.CanConfigure}, json.RawMessage(`{"a":"`+strings.Repeat("x", 64<<10)+`"}`)
		}, []string{"configurationSchema"}},

		"scored photo":        {view(func(i *checklist.Item) { i.Weight = 1 }), []string{seen + ".weight"}},
		"key photo":           {view(func(i *checklist.Item) { i.Weight, i.Key = 0, true }), []string{seen + ".weight", seen + ".key"}},
		"evidence of a photo": {view(func(i *checklist.Item) { i.Evidence = checklist.EvidenceRequired }), []string{seen + ".evidence"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := describe(desk())
			tt.change(&d)
			var got []string
			for _, m := range mistakes(t, sdk.Validate(d)) {
				got = append(got, m.Path)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("paths of mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

func mistakes(t *testing.T, err error) []sdk.Mistake {
	t.Helper()
	if err == nil {
		return nil
	}
	var invalid *sdk.DescriptionError
	if !errors.As(err, &invalid) || len(invalid.Mistakes) == 0 {
		t.Fatalf("error %v is not a DescriptionError with mistakes", err)
	}
	return invalid.Mistakes
}

func TestValidateReportsAllMistakesAtOnce(t *testing.T) {
	err := sdk.Validate(checklist.Description{
		Plugin: "Desk", Version: "1.0.0", Name: sdk.T("Desk", "前台"),
		Checklists: []checklist.Definition{sdk.Define("desk.day", sdk.T("Day", ""), 80,
			sdk.Section("one", sdk.T("One", "一"),
				sdk.Item("smile", sdk.T("Smile", "微笑"), sdk.Key(), sdk.Weight(0)),
				sdk.Item("smile", sdk.T("Again", "再次")))).Definition},
	})
	const want = `invalid plugin description:
	plugin: "Desk" must be a lower-case letter, then letters, digits and single hyphens, at most 40
	checklists[desk.day].title.zh: is missing
	checklists[desk.day].sections[one].items[smile].weight: a key activity must have a weight
	checklists[desk.day].sections[one].items[smile].id: "smile" is used twice`
	if err == nil || err.Error() != want {
		t.Errorf("error:\n%v\nwant:\n%s", err, want)
	}
}

// Whatever a plugin says, Validate does not panic; and what it accepts can be
// judged to the full score.
func FuzzValidate(f *testing.F) {
	small := sdk.Define("a.b", sdk.T("A", "甲"), 50, sdk.Section("c", sdk.T("C", "丙"), sdk.Item("d", sdk.T("D", "丁")))).Definition
	for _, d := range []checklist.Description{{}, describe(small), describe(desk())} {
		seed, err := json.Marshal(d)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var d checklist.Description
		if json.Unmarshal(data, &d) != nil {
			return
		}
		if err := sdk.Validate(d); err != nil {
			mistakes(t, err)
			return
		}
		for _, def := range d.Checklists {
			judgeWell(t, def)
		}
	})
}

// judgeWell answers every item of a valid definition well. Items that exclude
// each other may leave nothing that is scored.
func judgeWell(t *testing.T, def checklist.Definition) {
	got, err := sdk.Judge(def, sdktest.Good(def))
	if err != nil {
		t.Fatalf("good answers: %v", err)
	}
	if got.Score != nil && *got.Score != 100 {
		t.Fatalf("score of good answers = %v", *got.Score)
	}
}
