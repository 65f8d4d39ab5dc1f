package quality_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/plugin"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/quality"
)

// release is a version of the plugin "night" whose only checklist passes from a mark on.
func release(t testing.TB, version string, passMark float64) quality.RegisterPlugin {
	t.Helper()
	d := &sdk.Department{ID: "night", Version: version, Name: sdk.T("Night", "夜班"), Sheets: []sdk.Sheet{
		sdk.Define("night.round", sdk.T("Round", "巡视"), passMark, sdk.Section("one", sdk.T("One", "一"), sdk.Item("doors", sdk.T("Doors are locked", "门已上锁"))))}}
	description, err := d.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return quality.RegisterPlugin{Description: description, Program: bytes.Repeat([]byte(version), 400_000)}
}

func (c *company) pluginOf(t testing.TB, code string) *db.Plugin {
	t.Helper()
	p, err := c.db.Plugin.Query().Where(plugin.Code(code)).Only(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// current is the version of the checklist that new inspections use, empty for none.
func (c *company) current(t testing.TB, code string) string {
	t.Helper()
	v, err := c.db.ChecklistVersion.Query().Where(checklistversion.Code(code), checklistversion.Current(true)).Only(ent.AsSystem(t.Context()))
	if db.IsNotFound(err) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return v.Version
}

// A version that is registered is not used before it is pinned; the program comes back
// as it was handed in, and another by the same name is refused.
func TestRegisteredVersions(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		first, second := release(t, "1.0.0", 60), release(t, "1.1.0", 80)
		for _, in := range []quality.RegisterPlugin{first, second} {
			if added, err := c.RegisterPlugin(t.Context(), in); err != nil || !added {
				t.Fatalf("registering %s: %v, %v", in.Description.Version, added, err)
			}
		}
		if added, err := c.RegisterPlugin(t.Context(), first); err != nil || added {
			t.Errorf("registering the same again: added %v, %v", added, err)
		}
		other := first
		other.Program = []byte("another")
		if _, err := c.RegisterPlugin(t.Context(), other); !errors.Is(err, quality.ErrKnownVersion) {
			t.Errorf("another program of the same version: %v", err)
		}
		versions, _, err := c.Catalogue(t.Context())
		if err != nil || len(versions) != 2 {
			t.Fatalf("the catalogue has %d versions, %v", len(versions), err)
		}
		for i, in := range []quality.RegisterPlugin{first, second} {
			var program bytes.Buffer
			if err := c.ProgramOf(t.Context(), versions[i].ID, &program); err != nil || !bytes.Equal(program.Bytes(), in.Program) {
				t.Errorf("the program of %s came back with %d bytes, want %d: %v", in.Description.Version, program.Len(), len(in.Program), err)
			}
			if sum := sha256.Sum256(in.Program); versions[i].Checksum != hex.EncodeToString(sum[:]) {
				t.Errorf("checksum of %s is %s", in.Description.Version, versions[i].Checksum)
			}
		}
		if err := c.PublishChecklists(t.Context(), first.Description, versions[0].Checksum); err != nil {
			t.Fatal(err)
		}
		if got := c.current(t, "night.round"); got != "" {
			t.Errorf("version %s is used, and none was pinned", got)
		}
	})
}

// Pinning changes what new inspections use; whatever starts afterwards, and in whatever
// order, that stays.
func TestPinnedVersion(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for _, in := range []quality.RegisterPlugin{release(t, "1.0.0", 60), release(t, "1.1.0", 80)} {
			if _, err := c.RegisterPlugin(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		admin := c.as(t, "administrator")
		for n, version := range []string{"1.0.0", "1.1.0", "1.0.0"} {
			p := c.pluginOf(t, "night")
			must(c.PinPlugin(admin, quality.PinPlugin{ID: p.ID, ExpectedRevision: p.Revision, Version: version}))(t)
			other := release(t, []string{"1.1.0", "1.0.0"}[n%2], []float64{80, 60}[n%2])
			if err := c.PublishChecklists(t.Context(), other.Description, "of another server's process"); err != nil {
				t.Fatal(err)
			}
			if got := c.current(t, "night.round"); got != version {
				t.Errorf("after pinning %s new inspections use %q", version, got)
			}
		}
		if diff := cmp.Diff([]string{"pin night 1.0.0", "pin night 1.1.0", "pin night 1.0.0"}, c.plugins.told); diff != "" {
			t.Errorf("the processes were told (-want +got):\n%s", diff)
		}
		p := c.pluginOf(t, "night")
		for name, try := range map[string]struct {
			who  string
			in   quality.PinPlugin
			want string
		}{
			"a stale revision":            {"administrator", quality.PinPlugin{ID: p.ID, ExpectedRevision: 1, Version: "1.1.0"}, "CONFLICT expectedRevision"},
			"a version that is not there": {"administrator", quality.PinPlugin{ID: p.ID, ExpectedRevision: p.Revision, Version: "9.9.9"}, "NOT_FOUND version"},
			"by an officer":               {"officer", quality.PinPlugin{ID: p.ID, ExpectedRevision: p.Revision, Version: "1.1.0"}, "NOT_FOUND id"},
		} {
			before := c.rows(t)
			_, err := c.PinPlugin(c.as(t, try.who), try.in)
			expect(t, name, err, try.want)
			if diff := cmp.Diff(before, c.rows(t)); diff != "" || c.current(t, "night.round") != "1.0.0" {
				t.Errorf("%s: something was changed:\n%s", name, diff)
			}
		}
	})
}

func TestSwitchedOffPlugin(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		admin := c.as(t, "administrator")
		p := c.pluginOf(t, "example")
		p = must(c.DisablePlugin(admin, quality.DisablePlugin{ID: p.ID, ExpectedRevision: p.Revision, Disabled: true}))(t)
		_, states, err := c.Catalogue(t.Context())
		if err != nil || !slices.Contains(states, quality.PluginState{Code: "example", Disabled: true}) {
			t.Errorf("states = %v, %v", states, err)
		}
		_, err = c.DisablePlugin(admin, quality.DisablePlugin{ID: p.ID, ExpectedRevision: p.Revision, Disabled: true})
		expect(t, "switching off twice", err, "REJECTED disabled")
		p = must(c.DisablePlugin(admin, quality.DisablePlugin{ID: p.ID, ExpectedRevision: p.Revision}))(t)
		must(c.ReloadPlugin(admin, quality.ReloadPlugin{ID: p.ID, ExpectedRevision: p.Revision}))(t)
		if diff := cmp.Diff([]string{"follow", "follow", "reload example"}, c.plugins.told); diff != "" {
			t.Errorf("the processes were told (-want +got):\n%s", diff)
		}
	})
}

// Pin implements [quality.Plugins]: it knows the versions 1.0.0 and 1.1.0.
func (p *plugins) Pin(_ context.Context, plugin, version string) error {
	if version != "1.0.0" && version != "1.1.0" {
		return quality.Rejection{{Kind: quality.NotFound, Path: []string{"version"}, Text: checklist.Text{EN: "No such version.", ZH: "没有该版本。"}}}
	}
	p.told = append(p.told, "pin "+plugin+" "+version)
	return nil
}

// Follow implements [quality.Plugins].
func (p *plugins) Follow(context.Context) { p.told = append(p.told, "follow") }

// Reload implements [quality.Plugins].
func (p *plugins) Reload(_ context.Context, plugin string) error {
	p.told = append(p.told, "reload "+plugin)
	return nil
}
