// Command bench measures Rounds as a client meets it: over HTTP and WebSocket,
// against a server process on a database of a realistic size, on SQLite and on
// PostgreSQL. Beside each read stands its floor: one hand-written SQL statement
// that answers the same, served by a plain handler in a process of its own and
// measured in turns with the API. See README.md for what is measured and how.
//
//	go run ./bench            # the whole data set, some minutes
//	go run ./bench -small     # a hundredth of it
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	var err error
	if len(os.Args) > 1 && os.Args[1] == floorCommand {
		err = serveFloor(ctx, os.Args[2:], os.Stdin, os.Stdout)
	} else {
		err = run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	}
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// settings are what the command line says.
type settings struct {
	small       bool
	size        size          // of the data set
	connections int           // that send requests at a time
	length      time.Duration // of one measure
	databases   []string      // "sqlite", "postgres"
	url         string        // of a PostgreSQL server that is not started here
	keep        string        // folder that keeps the data sets; "" for none
	only        *regexp.Regexp
	subscribers int

	jsonFile, resultsFile string
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	var databases, only string
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&s.small, "small", false, "a hundredth of the data, and 100 subscribers")
	flags.IntVar(&s.connections, "c", 16, "connections that send requests, one request at a time each")
	seconds := flags.Float64("t", 8, "seconds that each measure lasts; a read takes as long again for its floor")
	flags.StringVar(&databases, "db", "sqlite,postgres", "databases to measure on")
	flags.StringVar(&s.url, "url", "", "postgres://… database to use instead of a server of the benchmark's own; empty, or with -data as left by the last run")
	flags.StringVar(&s.keep, "data", "", "folder that keeps the data sets for the next run (default: none is kept)")
	flags.StringVar(&only, "only", "", "measure only what this regular expression finds by name")
	flags.IntVar(&s.subscribers, "subscribers", 0, "live subscribers (default 1000, with -small 100)")
	flags.StringVar(&s.jsonFile, "json", "", "write the figures to this file")
	flags.StringVar(&s.resultsFile, "results", "", "write the figures as a page of Markdown to this file")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	s.length = time.Duration(*seconds * float64(time.Second))
	s.databases = strings.Split(databases, ",")
	for _, name := range s.databases {
		if name != sqliteName && name != postgresName {
			return s, fmt.Errorf("-db: %q is neither %s nor %s", name, sqliteName, postgresName)
		}
	}
	if s.connections < 1 || s.length <= 0 {
		return s, errors.New("-c and -t must be positive")
	}
	s.size = sizeOf(s.small)
	defaultSubscribers := 1000
	if s.small {
		defaultSubscribers = 100
	}
	s.subscribers = cmp.Or(s.subscribers, defaultSubscribers)
	var err error
	if s.only, err = regexp.Compile(only); err != nil {
		return s, fmt.Errorf("-only: %w", err)
	}
	return s, nil
}

// run measures what the command line asks for and writes the figures.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "rounds-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temp) }() // nothing in it is needed any more
	fmt.Fprintln(stderr, "building the server")
	binary, err := buildServer(ctx, temp)
	if err != nil {
		return err
	}
	return benchAll(ctx, s, binary, temp, stdout, stderr)
}

// benchAll measures a server on each of the databases. What is not kept goes into
// the folder temp.
func benchAll(ctx context.Context, s settings, binary, temp string, stdout, stderr io.Writer) error {
	report := newReport(s)
	for _, name := range s.databases {
		figures, err := benchDatabase(ctx, s, name, binary, temp, stderr)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		report.Databases = append(report.Databases, figures)
		if err := report.writeTable(stdout, figures); err != nil {
			return err
		}
	}
	return report.writeFiles(s)
}

// benchDatabase prepares one database, starts a server and a floor on it, and
// measures.
func benchDatabase(ctx context.Context, s settings, name, binary, temp string, stderr io.Writer) (_ databaseFigures, err error) {
	var none databaseFigures
	store, err := openStore(ctx, s, name, temp)
	if err != nil {
		return none, err
	}
	defer func() { err = errors.Join(err, store.close()) }()
	if err := store.prepare(ctx, binary, stderr); err != nil {
		return none, err
	}
	b := &bench{settings: s, store: store, stderr: stderr}
	if err := b.start(ctx, binary); err != nil {
		return none, err
	}
	defer func() { err = errors.Join(err, b.stop()) }()
	figures := databaseFigures{Database: name, Version: store.version}
	measures := slices.DeleteFunc(b.measures(), func(m measure) bool { return !s.only.MatchString(m.name) })
	for n, m := range measures {
		fmt.Fprintf(stderr, "%s: measure %d of %d: %s\n", name, n+1, len(measures), m.name)
		more, err := m.run(ctx)
		if err != nil {
			return none, fmt.Errorf("%s: %w", m.name, err)
		}
		figures.Measures = append(figures.Measures, more...)
	}
	return figures, nil
}
