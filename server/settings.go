package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/alecthomas/kong"
	"github.com/rs/zerolog"

	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// settings are given as flags, as environment variables (--data-dir is
// ROUNDS_DATA_DIR) or in a file, in that order.
type settings struct {
	Config kong.ConfigFlag `placeholder:"FILE" help:"Read settings from this JSON file, such as {\"data-dir\": \"/var/lib/rounds\"}."`

	Addr        string   `default:"127.0.0.1:8080" help:"Address to listen on; port 0 takes a free one."`
	DataDir     string   `type:"path" placeholder:"DIR" help:"Folder of the embedded database and the keys (default: ./data)."`
	DatabaseURL string   `placeholder:"URL" help:"postgres://… for PostgreSQL, or the path of an SQLite file (default: rounds.db in the data folder)."`
	PluginDir   string   `type:"path" placeholder:"DIR" help:"Folder of further plugins, one executable each (default: plugins in the data folder)."`
	KeyFile     string   `type:"path" placeholder:"FILE" help:"Keys that seal contact data; servers on one database share it (default: keys in the data folder)."`
	TestClock   string   `type:"path" placeholder:"FILE" help:"Take the time from this file (RFC 3339), read again whenever it changes; for tests and sandboxes only."`
	LogLevel    string   `default:"" placeholder:"LEVEL" enum:"debug,info,warn,error," help:"What to log: debug, info, warn or error (default: info, and warn in the demonstration)."`
	LogFormat   string   `default:"auto" enum:"auto,json,text" help:"How to log: ${enum}; auto is text on a terminal."`
	Origin      []string `placeholder:"PATTERN" help:"Hosts, besides the server's own, whose pages may open a WebSocket."`

	PluginReadOnly []string `type:"path" placeholder:"PATH" help:"Files and folders that the plugins of the plugin folder may read and run besides themselves, such as /usr for an interpreter."`
	RequireSandbox bool     `help:"Start only where every protection against plugins can be enforced; otherwise what is missing is logged and told by /readyz."`

	ArchiveAfter time.Duration `default:"2160h" help:"How long after its close whoever answered for a case may archive it; managers may at once."`

	ContactEvery int `default:"90" placeholder:"DAYS" help:"How many days lie between two regular contacts with a customer for whom nothing else was said; negative for none."`

	RevealsPerHour int `default:"60" placeholder:"N" help:"How many customers' contact data one viewer is told in clear within an hour."`

	DueCritical time.Duration `default:"4h" help:"How long a critical case may take where no deadline is given."`
	DueMajor    time.Duration `default:"24h" help:"How long a major case may take."`
	DueMinor    time.Duration `default:"72h" help:"How long a minor case may take."`

	Authority   authority   `embed:""`
	Attachments attachments `embed:""`
}

func (s settings) dataDir() string { return cmp.Or(s.DataDir, "data") }

func (s settings) databaseURL() string {
	return cmp.Or(s.DatabaseURL, filepath.Join(s.dataDir(), "rounds.db"))
}

func (s settings) pluginDir() string {
	return cmp.Or(s.PluginDir, filepath.Join(s.dataDir(), "plugins"))
}

func (s settings) keyFile() string { return cmp.Or(s.KeyFile, filepath.Join(s.dataDir(), "keys")) }

func (s settings) deadlines() rules.Deadlines {
	return rules.Deadlines{Critical: s.DueCritical, Major: s.DueMajor, Minor: s.DueMinor}
}

// logger writes to stderr, so that stdout holds what a command has to say.
func (s *session) logger() zerolog.Logger {
	level, err := zerolog.ParseLevel(cmp.Or(s.settings.LogLevel, "info"))
	if err != nil {
		level = zerolog.InfoLevel // kong has checked it
	}
	out := zerolog.New(s.stderr)
	if s.settings.LogFormat == "text" || s.settings.LogFormat == "auto" && isTerminal(s.stderr) {
		out = zerolog.New(zerolog.ConsoleWriter{Out: s.stderr, TimeFormat: time.TimeOnly})
	}
	return out.Level(level).With().Timestamp().Logger()
}

// makeDataDir makes the data folder, for this account's eyes only.
func (s settings) makeDataDir() error {
	if err := os.MkdirAll(s.dataDir(), 0o700); err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	return nil
}

// settingsFile is a settings file: a JSON object whose keys are the flags' names.
type settingsFile map[string]any

// readSettingsFile implements kong.ConfigurationLoader.
func readSettingsFile(r io.Reader) (kong.Resolver, error) {
	f := settingsFile{}
	if err := json.NewDecoder(r).Decode(&f); err != nil {
		name := "the settings file"
		if file, ok := r.(*os.File); ok {
			name = file.Name()
		}
		return nil, fmt.Errorf("%s is not a JSON object: %w", name, err)
	}
	return f, nil
}

// Validate refuses settings that there are not.
func (f settingsFile) Validate(app *kong.Application) error {
	known := map[string]bool{}
	for _, flag := range app.Flags {
		known[flag.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if !known[name] {
			return fmt.Errorf("the settings file has %q, which is no setting: server --help lists them", name)
		}
	}
	return nil
}

// Resolve returns the file's value, unless the environment has one.
func (f settingsFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return f[flag.Name], nil
}
