// Command server runs Rounds: the GraphQL API with its plugins on one database,
// and the operator's commands beside it. It is the place where everything is wired
// together; what anything means is decided in the packages below.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // the time zones of sites, also where the system has none

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// cli is what can be said on the command line.
type cli struct {
	settings

	Serve   serveCommand   `cmd:"" default:"withargs" help:"Run the server (the default)."`
	Demo    demoCommand    `cmd:"" help:"Load a demonstration company, tell one inspection's story, then serve."`
	Migrate migrateCommand `cmd:"" help:"Bring the database to this version's schema."`
	Token   tokenCommand   `cmd:"" help:"Make, list and revoke access tokens."`
	Plugin  pluginCommand  `cmd:"" help:"The departments' plugins."`
	Import  importCommand  `cmd:"" help:"Bring records in from elsewhere."`
	Keys    keysCommand    `cmd:"" help:"The keys that seal contact data and attachments."`
	Verify  verifyCommand  `cmd:"" help:"Check that the event log is complete and unchanged."`
}

// session is what a command has to work with.
type session struct {
	ctx            context.Context
	settings       settings
	stdout, stderr io.Writer
	now            func() time.Time // the clock; nil for the one that the settings name
}

// exitError ends a command with a code of its own, its message having been printed.
type exitError struct{ code int }

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", e.code) }

// run carries out one command line and returns the exit code: 0 when all went
// well, 1 when the command failed, 2 when the command line is wrong.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("server"), kong.Description("Rounds: service-quality control as a GraphQL API."),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { exited = code }),
		kong.DefaultEnvars("ROUNDS"), kong.Configuration(readSettingsFile), kong.UsageOnError(),
	)
	if err != nil {
		fmt.Fprintln(stderr, "server:", err)
		return 2
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		fmt.Fprintf(stderr, "server: %v\nTry: server --help\n", err)
		return 2
	}
	err = parsed.Run(&session{ctx: ctx, settings: c.settings, stdout: stdout, stderr: stderr})
	var exit exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.code
	default:
		fmt.Fprintln(stderr, "server:", err)
		return 1
	}
}
