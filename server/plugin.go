package main

import (
	"cmp"
	"fmt"
	"text/tabwriter"

	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/quality"
)

// pluginCommand is about the departments' plugins.
type pluginCommand struct {
	Add   pluginAdd   `cmd:"" help:"Register a version of a plugin with its program."`
	List  pluginList  `cmd:"" help:"List the plugins that the server would run."`
	New   pluginNew   `cmd:"" help:"Write the Go module of a new plugin, with tests."`
	Check pluginCheck `cmd:"" help:"Check the program of a plugin, without a server or a database."`
	Serve pluginServe `cmd:"" hidden:"" help:"Be one of the plugins that come with the server; the server calls this itself."`
}

type pluginList struct{}

// Run lists the plugins.
func (pluginList) Run(s *session) error {
	specs, err := s.settings.plugins()
	if err != nil {
		return err
	}
	return s.withCore(func(c *core) error {
		versions, states, err := c.quality.Catalogue(s.ctx)
		if err != nil {
			return err
		}
		state := map[string]quality.PluginState{}
		for _, p := range states {
			state[p.Code] = p
		}
		w := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tVERSION\tPINNED\tFROM")
		line := func(id, version, from string) {
			pinned := "-"
			switch p := state[id]; {
			case p.Disabled:
				pinned = "switched off"
			case p.Pinned == version && version != "":
				pinned = "pinned"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", id, cmp.Or(version, "-"), pinned, from)
		}
		for _, p := range specs {
			line(p.ID, p.Version, cmp.Or(p.Path, "the server itself"))
		}
		for _, v := range versions {
			line(v.Plugin, v.Version, "the catalogue, sha256 "+v.Checksum)
		}
		return w.Flush()
	})
}

type pluginServe struct {
	ID string `arg:"" help:"Id of the plugin, such as frontdesk."`
}

// Run serves a plugin until the server that started it ends it.
func (p *pluginServe) Run(*session) error {
	make, known := builtin[p.ID]
	if !known {
		return fmt.Errorf("no plugin %q comes with the server", p.ID)
	}
	sdk.Serve(make())
	return nil
}
