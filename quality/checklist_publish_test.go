package quality_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/plugin"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
	"github.com/seed-34fcb60d/rounds/quality"
)

// edition is the example plugin with other checklists.
func edition(version string, checklists ...string) checklist.Checklist {
	d := &sdk.Department{ID: "example", Version: version, Name: sdk.T("Example "+version, "示例"+version)}
	for _, code := range checklists {
		d.Sheets = append(d.Sheets, sdk.Define(code, sdk.T("Title", "标题"), 60,
			sdk.Section("one", sdk.T("One", "一"), sdk.Item("yes", sdk.T("Is it so in "+version, "在"+version+"中是否如此")))))
	}
	return d
}

// versions lists the versions of the example's checklists, the current ones with a star.
func (c *company) versions(t testing.TB) []string {
	t.Helper()
	all, err := c.db.ChecklistVersion.Query().Where(checklistversion.HasPluginWith(plugin.Code("example"))).
		Order(checklistversion.ByCode(), checklistversion.ByID()).All(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, v := range all {
		line := v.Code + " " + v.Version
		if v.Current {
			line += " *"
		}
		list = append(list, line)
	}
	return list
}

func TestPublishChecklists(t *testing.T) {
	const published, withdrawn = quality.EventChecklistPublished, quality.EventChecklistWithdrawn
	each(t, func(t *testing.T, c *company) {
		for _, step := range []struct {
			name   string
			plugin checklist.Checklist
			want   []string
			events []string
		}{
			{"the same word again", example(), []string{"example.kinds 1.0.0 *"}, nil},
			{"a new version with a new checklist", edition("1.1.0", "example.kinds", "example.more"),
				[]string{"example.kinds 1.0.0", "example.kinds 1.1.0 *", "example.more 1.1.0 *"}, []string{published, published}},
			{"a checklist is withdrawn", edition("1.2.0", "example.kinds"),
				[]string{"example.kinds 1.0.0", "example.kinds 1.1.0", "example.kinds 1.2.0 *", "example.more 1.1.0"}, []string{published, withdrawn}},
			{"back to an old version", edition("1.1.0", "example.kinds", "example.more"),
				[]string{"example.kinds 1.0.0", "example.kinds 1.1.0 *", "example.kinds 1.2.0", "example.more 1.1.0 *"}, []string{published, published}},
		} {
			before := c.rows(t)["events"]
			d := c.publish(t, step.plugin)
			if diff := cmp.Diff(step.want, c.versions(t)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", step.name, diff)
			}
			var told []string
			for _, e := range c.said(t, before) {
				told = append(told, e.Kind)
				if e.Actor != "system" {
					t.Errorf("%s: %s was done by %s", step.name, e.Kind, e.Actor)
				}
			}
			if diff := cmp.Diff(step.events, told); diff != "" {
				t.Errorf("%s: events (-want +got):\n%s", step.name, diff)
			}
			p, err := c.db.Plugin.Query().Where(plugin.Code("example")).Only(ent.AsSystem(t.Context()))
			if err != nil || p.Version != d.Version || p.NameEn != d.Name.EN {
				t.Errorf("%s: the plugin is %v, %v", step.name, p, err)
			}
		}
		stored, err := c.db.ChecklistVersion.Query().Where(checklistversion.Code("example.kinds"), checklistversion.Version("1.0.0")).Only(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		var kept checklist.Definition
		if err := json.Unmarshal(stored.Definition, &kept); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(definition(t, example(), "example.kinds"), kept); diff != "" {
			t.Errorf("the first version was not kept (-published +stored):\n%s", diff)
		}
	})
}

// Servers that start at once store a plugin's word once.
func TestPublishAtOnce(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		d, err := edition("2.0.0", "example.kinds", "example.more").Describe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"example", "newcomer"} {
			before := c.rows(t)["events"]
			d.Plugin = name
			if name == "newcomer" {
				d.Checklists[0].ID, d.Checklists[1].ID = "newcomer.one", "newcomer.two"
			}
			_, errs := atOnce(8, func(int) (any, error) { return nil, c.PublishChecklists(t.Context(), d, "c0ffee") })
			for n, err := range errs {
				expect(t, fmt.Sprintf("server %d", n), err, "")
			}
			if got := len(c.said(t, before)); got != 2 {
				t.Errorf("%s: %d events, want one of each checklist", name, got)
			}
			for _, definition := range d.Checklists {
				n, err := c.db.ChecklistVersion.Query().Where(checklistversion.Code(definition.ID), checklistversion.Current(true)).Count(ent.AsSystem(t.Context()))
				if n != 1 || err != nil {
					t.Errorf("%d versions of %s are current (%v)", n, definition.ID, err)
				}
			}
		}
	})
}

// Servers that start at once withdraw what a plugin left out once.
func TestWithdrawAtOnce(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for n := range 5 {
			c.publish(t, edition(fmt.Sprintf("2.%d.0", n), "example.kinds", "example.more"))
			before := c.rows(t)["events"]
			d, err := edition(fmt.Sprintf("2.%d.1", n), "example.kinds").Describe(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, errs := atOnce(8, func(int) (any, error) { return nil, c.PublishChecklists(t.Context(), d, "c0ffee") })
			for n, err := range errs {
				expect(t, fmt.Sprintf("server %d", n), err, "")
			}
			told := map[string]int{}
			for _, e := range c.said(t, before) {
				told[e.Kind]++
			}
			want := map[string]int{quality.EventChecklistPublished: 1, quality.EventChecklistWithdrawn: 1}
			if diff := cmp.Diff(want, told); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		}
	})
}

// A published version is never changed by a plugin that says something else under
// the same number.
func TestSameVersionOtherWords(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		liar := edition("1.0.0", "example.kinds")
		c.publish(t, liar)
		if diff := cmp.Diff([]string{"example.kinds 1.0.0", "example.kinds 1.0.0 *"}, c.versions(t)); diff != "" {
			t.Errorf("versions (-want +got):\n%s", diff)
		}
	})
}

// Whatever the SDK lets a plugin say of itself can be stored, used and judged.
func TestDescriptionAtItsLimits(t *testing.T) {
	word := func(letters int) string { return strings.Repeat("a", letters) }
	say := func(characters int) checklist.Text {
		return sdk.T(strings.Repeat("a", characters), strings.Repeat("港", characters))
	}
	section := sdk.Section(word(64), say(500),
		sdk.Item(word(64), say(500), sdk.Key(), sdk.Choice(sdk.Answer("good", say(500), 1), sdk.Answer(word(64), say(500), 0))),
		sdk.Item("number", say(500), sdk.Tracked(strings.Repeat("米", 64), sdk.AtMost(3)), sdk.Weight(1000)))
	code := word(40) + "." + word(39)
	grand := &sdk.Department{ID: word(40), Version: "1.0.0-" + word(34), Name: say(200),
		Sheets: []sdk.Sheet{sdk.Define(code, say(200), 60, section)}}
	each(t, func(t *testing.T, c *company) {
		d := c.publish(t, grand).Checklists[0]
		c.plugins.running[grand.ID] = grand
		i := c.started(t, code)
		bad, ok := sdktest.Failing(d, word(64))
		if !ok {
			t.Fatal("the item cannot fail")
		}
		i = c.answered(t, i, given(bad, d)...)
		i = must(c.complete(c.as(t, "lead"), i))(t)
		if *i.Passed {
			t.Error("the inspection passed")
		}
	})
}
