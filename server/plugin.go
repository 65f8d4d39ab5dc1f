package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// pluginCommand is about the departments' plugins.
type pluginCommand struct {
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
	w := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tFROM")
	for _, p := range specs {
		from := p.Path
		if from == "" {
			from = "the server itself"
		}
		fmt.Fprintf(w, "%s\t%s\n", p.ID, from)
	}
	return w.Flush()
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
